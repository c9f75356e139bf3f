use crate::{FieldName, Written};
use serde::{Deserialize, Serialize};

/// A form that was filled in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FormAnswer {
    /// Which form, where the channel says so.
    pub form: Option<FieldName>,
    /// The questions with their answers, in the order of the form.
    pub answers: Vec<QuestionAnswer>,
}

impl FormAnswer {
    /// These answers, of an unnamed form.
    #[must_use]
    pub fn new(answers: Vec<QuestionAnswer>) -> Self {
        Self { form: None, answers }
    }

    /// With the name of the form.
    #[must_use]
    pub fn with_form(self, form: FieldName) -> Self {
        Self { form: Some(form), ..self }
    }
}

/// One question and what was answered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuestionAnswer {
    /// The form's own name of the question.
    pub field: FieldName,
    /// The question as it was shown, where that is known.
    pub question: Option<Written>,
    /// The answer: none where it was left empty, several where several could be ticked.
    pub answers: Vec<Written>,
}

impl QuestionAnswer {
    /// Answers to a question of which only the form's own name is known.
    #[must_use]
    pub fn new(field: FieldName, answers: Vec<Written>) -> Self {
        Self { field, question: None, answers }
    }

    /// With the question as it was shown.
    #[must_use]
    pub fn with_question(self, question: Written) -> Self {
        Self { question: Some(question), ..self }
    }
}
