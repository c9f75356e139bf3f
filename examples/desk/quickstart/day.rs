//! An ordinary day beside the story: people write, agents answer, some come back.

use crate::body;
use crate::people::{Person, Via};
use crate::shop::Shop;
use chrono::{DateTime, TimeDelta, Utc};
use kontak_conversation::Actor;
use kontak_desk::Notice;
use kontak_examples::Random;
use kontak_metrics::{EventKind, SurveyKind};
use kontak_types::{AgentId, ConversationId};
use std::collections::BTreeMap;

const QUESTIONS: [&str; 8] = [
    "Apakah masih ada stok?",
    "Kapan barang saya sampai?",
    "AC saya bocor",
    "Bagaimana cara klaim garansi?",
    "Toi muon doi hang",
    "Berapa ongkos kirim ke Bandung?",
    "Barang yang datang salah warna",
    "Could you send me the invoice again?",
];
const ANSWERS: [&str; 4] =
    ["Baik, kami cek dulu.", "Sudah kami proses.", "Silakan kirim nomor pesanan.", "Da, vang a."];

/// What happens next.
pub(crate) enum Act {
    Writes { person: usize, via: Via },
    Answers { agent: AgentId, conversation: ConversationId },
    Rates { conversation: ConversationId },
}

/// A day, in the order of its happenings.
pub(crate) struct Day {
    pub(crate) people: Vec<Person>,
    random: Random,
    acts: BTreeMap<(DateTime<Utc>, u64), Act>,
    number: u64,
    /// Who wrote last in a conversation, where, and how often they still come back.
    talks: BTreeMap<ConversationId, (usize, Via, u32)>,
}

impl Day {
    pub(crate) fn new(touchpoints: usize, from: DateTime<Utc>, hours: i64) -> Self {
        let mut random = Random::new(2026);
        let mut people: Vec<Person> = Vec::new();
        let mut count = 0;
        while count < touchpoints {
            let mut person = Person::draw(people.len() as u64 + 1, &mut random);
            person.channels.truncate(touchpoints - count);
            count += person.channels.len();
            people.push(person);
        }
        let mut day =
            Self { people, random, acts: BTreeMap::new(), number: 0, talks: BTreeMap::new() };
        for person in 0..day.people.len() {
            for via in day.people[person].channels.clone() {
                let at = from + TimeDelta::seconds(day.random.below(hours as u32 * 3_600).into());
                day.plan(at, Act::Writes { person, via });
            }
        }
        day
    }

    fn plan(&mut self, at: DateTime<Utc>, act: Act) {
        self.number += 1;
        self.acts.insert((at, self.number), act);
    }

    fn soon(&mut self, now: DateTime<Utc>, least: u32, most: u32) -> DateTime<Utc> {
        now + TimeDelta::seconds((least + self.random.below(most - least)).into())
    }

    /// Goes on until then.
    pub(crate) async fn until(
        &mut self,
        shop: &mut Shop,
        end: DateTime<Utc>,
    ) -> anyhow::Result<()> {
        while let Some(next) = self.acts.first_entry()
            && next.key().0 <= end
        {
            let ((at, _), act) = next.remove_entry();
            shop.until(at).await?;
            self.follow(shop, at)?;
            self.act(shop, at, act).await?;
            self.follow(shop, at)?;
        }
        shop.until(end).await
    }

    async fn act(&mut self, shop: &mut Shop, at: DateTime<Utc>, act: Act) -> anyhow::Result<()> {
        match act {
            Act::Writes { person, via } => {
                let who = self.people[person].clone();
                let is_first = !self.talks.values().any(|talk| (talk.0, talk.1) == (person, via));
                if via == Via::Telegram && who.shows_number && is_first {
                    shop.heard += 1;
                    let shown = body::shown_number(&who, shop.heard, at)?;
                    shop.takes(via, &shown).await?;
                }
                let text = QUESTIONS[self.random.below(QUESTIONS.len() as u32) as usize];
                let conversation = shop.hears(via, &who, text, at).await?;
                let turns = self.random.below(3);
                let talk = self.talks.entry(conversation).or_insert((person, via, turns));
                (talk.0, talk.1) = (person, via);
            }
            Act::Answers { agent, conversation } => {
                self.answer(shop, at, agent, conversation).await?;
            }
            Act::Rates { conversation } => {
                let score = [5, 5, 5, 4, 4, 3, 2, 1][self.random.below(8) as usize];
                let survey = SurveyKind::Csat;
                let answered = EventKind::SurveyAnswered { survey, score, agent: None };
                shop.desk.measured(conversation, answered).await?;
            }
        }
        Ok(())
    }

    async fn answer(
        &mut self,
        shop: &Shop,
        at: DateTime<Utc>,
        agent: AgentId,
        conversation: ConversationId,
    ) -> anyhow::Result<()> {
        let open = shop.look(move |tenant| {
            let known = tenant.conversations().conversation(conversation);
            known.is_some_and(|known| known.status.is_active() && known.agent == Some(agent))
        });
        if !open.await? {
            return Ok(());
        }
        let text = ANSWERS[self.random.below(ANSWERS.len() as u32) as usize];
        shop.says(agent, conversation, text).await?;
        let Some((person, via, turns)) = self.talks.get_mut(&conversation) else { return Ok(()) };
        let (person, via) = (*person, *via);
        if *turns > 0 {
            *turns -= 1;
            let later = self.soon(at, 60, 900);
            self.plan(later, Act::Writes { person, via });
            return Ok(());
        }
        shop.desk.resolve(Actor::Agent(agent), conversation).await?;
        shop.desk
            .measured(conversation, EventKind::SurveySent { survey: SurveyKind::Csat })
            .await?;
        if self.random.chance(0.4) {
            let later = self.soon(at, 300, 3_600);
            self.plan(later, Act::Rates { conversation });
        }
        Ok(())
    }

    fn follow(&mut self, shop: &mut Shop, now: DateTime<Utc>) -> anyhow::Result<()> {
        let notices = shop.notices()?;
        self.plan_answers(notices, now);
        Ok(())
    }

    /// Whoever has a conversation in which something was said answers it soon.
    fn plan_answers(&mut self, notices: Vec<Notice>, now: DateTime<Utc>) {
        for notice in notices {
            let (Notice::Assigned { conversation, agent: Some(agent) }
            | Notice::Said { conversation, agent: Some(agent), .. }) = notice
            else {
                continue;
            };
            // The story is told by hand.
            if self.talks.contains_key(&conversation) {
                let later = self.soon(now, 30, 400);
                self.plan(later, Act::Answers { agent, conversation });
            }
        }
    }
}
