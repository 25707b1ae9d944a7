//! What a part says of itself: of which run it is, and which share of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::write::in_hexadecimal;

/// Everything that the numbers of a run follow from: two runs with the same are the same to the last bit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The version of the program.
    pub version: String,
    /// The commit that it was built from.
    pub commit: String,
    /// What lived the journey.
    pub engine: String,
    /// The scenario's file, as it was named.
    pub scenario: String,
    /// Names and SHA-256 of every file read, in the order of reading.
    pub inputs: Vec<(String, String)>,
    /// Where every random number begins.
    pub seed: u64,
    /// How many draws beside the central row.
    pub draws: usize,
    /// In how many of them it is measured what drives changes.
    pub drivers: usize,
    /// In how many of them every group of partners is lived that could share a service.
    pub share: usize,
}

/// Where two questions differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs, for people.
    pub what: String,
    /// What the first says of it.
    pub first: String,
    /// What the second says of it.
    pub second: String,
}

impl Question {
    /// A SHA-256 that two questions share if and only if they have no [`Question::difference`].
    pub fn fingerprint(&self) -> String {
        let contents: Vec<&str> = self
            .inputs
            .iter()
            .map(|(_, sha256)| sha256.as_str())
            .collect();
        let words = [
            &self.version,
            &self.commit,
            &self.engine,
            &contents.join(","),
        ];
        let counts = [self.draws, self.drivers, self.share].map(|count| count as u64);
        let numbers = [&[self.seed], &counts[..]].concat();
        let text = format!("{words:?}{numbers:?}");
        in_hexadecimal(Sha256::new_with_prefix(text))
    }

    /// The first thing in which another question differs. Where files stand makes no difference, what is in them does.
    pub fn difference(&self, other: &Question) -> Option<Difference> {
        let said = |question: &Question| {
            [
                ("version", question.version.clone()),
                ("commit", question.commit.clone()),
                ("engine", question.engine.clone()),
                ("seed", question.seed.to_string()),
                ("number of draws", question.draws.to_string()),
                ("number of draws with drivers", question.drivers.to_string()),
                (
                    "number of draws with coalitions",
                    question.share.to_string(),
                ),
                ("number of input files", question.inputs.len().to_string()),
            ]
        };
        let pairs = said(self).into_iter().zip(said(other));
        let mut plain = pairs.map(|((what, first), (_, second))| Difference {
            what: what.to_owned(),
            first,
            second,
        });
        let mut files = self.inputs.iter().zip(&other.inputs);
        plain
            .find(|difference| difference.first != difference.second)
            .or_else(|| {
                let (ours, theirs) = files.find(|(ours, theirs)| ours.1 != theirs.1)?;
                Some(Difference {
                    what: format!("input {}", ours.0),
                    first: format!("SHA-256 {}", short(&ours.1)),
                    second: format!("SHA-256 {}", short(&theirs.1)),
                })
            })
    }
}

/// Enough of a fingerprint to tell two apart.
fn short(sha256: &str) -> &str {
    sha256.get(..16).unwrap_or(sha256)
}

/// A share of the rows of a run: every `of`th from `index` on, because the rows in which drivers are measured take
/// longer than others and stand first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Share {
    /// From 1 to `of`.
    pub index: usize,
    /// How many shares there are.
    pub of: usize,
}

impl Share {
    /// All of it.
    pub const WHOLE: Share = Share { index: 1, of: 1 };

    /// Those of the rows that belong to the share: row `r` belongs to share `r mod of + 1`.
    pub fn of_rows(self, rows: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let is_ours = |row: &usize| row % self.of.max(1) + 1 == self.index;
        rows.into_iter().filter(is_ours).collect()
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

/// What stands in a part beside its rows, under the key `needscast` of the file's metadata, as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Of which run it is.
    pub question: Question,
    /// Of which share of the run it is.
    pub share: Share,
    /// 0 for the run's draws; the number of a life that tells what drives changes.
    pub table: usize,
    /// Which part of that table, from 0.
    pub chunk: usize,
    /// The rows of the draws that it holds, in rising order.
    pub rows: Vec<usize>,
    /// The SHA-256 of the values in the order of the file, each as eight bytes.
    pub sha256: String,
    /// What the central row tells of the lives that options have in common; blank in other parts.
    pub shared: Vec<Option<f64>>,
}

/// The key of the label in the metadata of a file.
pub(super) const KEY: &str = "needscast";
