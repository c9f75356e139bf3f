use super::Requirement;
use crate::Level;
use std::fmt;

/// How tightly what stands around a requirement binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Around {
    Nothing,
    Or,
    And,
    Not,
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, f, Around::Nothing)
    }
}

fn write(it: &Requirement, f: &mut fmt::Formatter<'_>, around: Around) -> fmt::Result {
    match it {
        Requirement::Anyone => f.write_str("anyone"),
        Requirement::Nobody => f.write_str("nobody"),
        Requirement::Skill { skill, least, most } => match (*least, *most) {
            (Level::LEAST, Level::MOST) => f.write_str(skill.as_str()),
            (least, Level::MOST) => write!(f, "{skill} >= {least}"),
            (least, most) if least == most => write!(f, "{skill} = {least}"),
            (Level::LEAST, most) => write!(f, "{skill} <= {most}"),
            (least, most) => write!(f, "{skill} in {least}..{most}"),
        },
        Requirement::Language(language) => write!(f, "language:{language}"),
        Requirement::Agent(agent) => write!(f, "agent:{agent}"),
        Requirement::All(parts) => list(parts, f, (" and ", "anyone"), (around, Around::And)),
        Requirement::Any(parts) => list(parts, f, (" or ", "nobody"), (around, Around::Or)),
        Requirement::Not(part) => {
            f.write_str("not ")?;
            write(part, f, Around::Not)
        }
    }
}

fn list(
    parts: &[Requirement],
    f: &mut fmt::Formatter<'_>,
    (between, empty): (&str, &str),
    (around, inside): (Around, Around),
) -> fmt::Result {
    if parts.is_empty() {
        return f.write_str(empty);
    }
    // A list inside a list of its own kind is kept apart, so that reading gives the same tree.
    let parentheses = around >= inside;
    if parentheses {
        f.write_str("(")?;
    }
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        write(part, f, inside)?;
    }
    if parentheses {
        f.write_str(")")?;
    }
    Ok(())
}
