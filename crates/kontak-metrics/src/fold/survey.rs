use super::{Draft, Subject};
use crate::SurveyKind;
use crate::fact::Reason;

impl Subject<'_> {
    pub(super) fn survey(&mut self, kind: SurveyKind) {
        let timeline = self.timeline;
        let asked = timeline.surveys.iter().filter(|survey| survey.kind == kind);
        let answered = asked.filter_map(|survey| Some((survey, survey.answer?)));
        if let Some((survey, answer)) = answered.max_by_key(|(_, answer)| answer.at) {
            let draft = Draft::value(answer.score.into(), Reason::Said);
            let draft = draft.over(survey.sent.unwrap_or(answer.at), answer.at).on(survey.channel);
            self.say(draft.by(answer.agent, answer.owner));
        }
    }

    pub(super) fn survey_returned(&mut self, kind: SurveyKind) {
        let timeline = self.timeline;
        for survey in timeline.surveys.iter().filter(|survey| survey.kind == kind) {
            let Some(sent) = survey.sent else { continue };
            let draft = match survey.answer {
                Some(answer) => {
                    Draft::value(1, Reason::SurveyAnswered).by(answer.agent, answer.owner)
                }
                None => Draft::value(0, Reason::SurveyUnanswered).by(0, timeline.last_owner()),
            };
            self.say(draft.over(sent, sent).on(survey.channel));
        }
    }
}
