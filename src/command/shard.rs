//! Which share of a run is meant: said on the command line, or by whatever started this task.

use std::str::FromStr;

use super::Failure;
use super::prepared::Prepared;
use crate::diagnostic::Diagnostic;
use crate::report::Share;

/// A share as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ShardArgument {
    /// `3/8`.
    Said(Share),
    /// `array`, or `array/8`: whatever task of an array this is.
    Array(Option<usize>),
}

impl FromStr for ShardArgument {
    type Err = String;

    fn from_str(text: &str) -> Result<ShardArgument, String> {
        let number = |text: &str| text.parse::<usize>().ok();
        let asked = match text.split_once('/') {
            None if text == "array" => Some(ShardArgument::Array(None)),
            Some(("array", of)) => number(of).map(|of| ShardArgument::Array(Some(of))),
            Some((index, of)) => number(index)
                .zip(number(of))
                .map(|(index, of)| ShardArgument::Said(Share { index, of })),
            None => None,
        };
        asked.ok_or_else(|| "expected I/N such as 3/8, `array` or `array/N`".to_owned())
    }
}

impl ShardArgument {
    /// The share of a run that is meant.
    pub fn share(&self, prepared: &Prepared) -> Result<Share, Failure> {
        let share = match self {
            ShardArgument::Said(share) => *share,
            ShardArgument::Array(of) => {
                of_array(*of, &|name| std::env::var(name).ok()).map_err(|fault| vec![*fault])?
            }
        };
        let n_rows = prepared.plan.n_draws + 1;
        sound(share, n_rows).map_err(|fault| vec![*fault].into())
    }
}

/// Refuses a share that is none, or that would have nothing to do.
fn sound(share: Share, n_rows: usize) -> Result<Share, Box<Diagnostic>> {
    if share.index == 0 || share.index > share.of {
        let fault = Diagnostic::error(
            "E951",
            format!("there is no shard {} of {}", share.index, share.of),
        )
        .expected(format!("a shard from 1/{0} to {0}/{0}", share.of.max(1)))
        .found(share.to_string());
        return Err(Box::new(fault.hint("shards are counted from 1")));
    }
    if share.of > n_rows {
        let fault = Diagnostic::error("E951", "more shards than draws")
            .expected(format!(
                "at most {n_rows} shards: the draws and the central row"
            ))
            .found(format!("{} shards", share.of));
        return Err(Box::new(
            fault.hint(format!("use --shard {}/{n_rows}", share.index.min(n_rows))),
        ));
    }
    Ok(share)
}

/// The share of the task of an array, from the variables that Slurm and Kubernetes set.
fn of_array(
    of: Option<usize>,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Share, Box<Diagnostic>> {
    let number = |name: &str| variable(name).and_then(|text| text.trim().parse::<usize>().ok());
    let task = number("SLURM_ARRAY_TASK_ID");
    if let (Some(index), Some(of)) = (task, of) {
        return Ok(Share { index, of });
    }
    if let (Some(completion), Some(of)) = (number("JOB_COMPLETION_INDEX"), of) {
        return Ok(Share {
            index: completion.saturating_add(1),
            of,
        });
    }
    let said = ["MIN", "MAX", "COUNT"].map(|word| number(&format!("SLURM_ARRAY_TASK_{word}")));
    if let (Some(index), [Some(1), Some(last), Some(count)]) = (task, said)
        && last == count
    {
        return Ok(Share { index, of: count });
    }
    let fault = Diagnostic::error("E951", "nothing says which shard this is")
        .expected("a task of `sbatch --array=1-N`, or with `--shard array/N` any task of such an array or of an indexed Job of Kubernetes")
        .found(match (task, number("JOB_COMPLETION_INDEX")) {
            (Some(task), _) => format!("task {task} of an array that does not run from 1 to its number of tasks"),
            (None, Some(index)) => format!("completion index {index} of a Job that does not say of how many"),
            (None, None) => "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX".to_owned(),
        })
        .hint("say how many shards there are, as in --shard array/8, or which one, as in --shard 3/8");
    Err(Box::new(fault))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn array(of: Option<usize>, pairs: &[(&str, &str)]) -> Option<(usize, usize)> {
        let variable = |name: &str| {
            let mut pairs = pairs.iter();
            pairs
                .find(|pair| pair.0 == name)
                .map(|pair| pair.1.to_owned())
        };
        let share = of_array(of, &variable).ok()?;
        Some((share.index, share.of))
    }

    #[test]
    fn slurm_counts_from_one_and_kubernetes_from_nought() {
        let slurm = [
            ("SLURM_ARRAY_TASK_ID", "3"),
            ("SLURM_ARRAY_TASK_MIN", "1"),
            ("SLURM_ARRAY_TASK_MAX", "8"),
            ("SLURM_ARRAY_TASK_COUNT", "8"),
        ];
        assert_eq!(array(None, &slurm), Some((3, 8)));
        assert_eq!(array(Some(8), &slurm), Some((3, 8)));
        assert_eq!(
            array(Some(8), &[("JOB_COMPLETION_INDEX", "2")]),
            Some((3, 8))
        );
        assert_eq!(array(None, &[("JOB_COMPLETION_INDEX", "2")]), None);
        assert_eq!(array(Some(8), &[]), None);
    }

    #[test]
    fn one_task_that_is_run_again_is_not_taken_for_the_whole() {
        let again = [
            ("SLURM_ARRAY_TASK_ID", "3"),
            ("SLURM_ARRAY_TASK_MIN", "3"),
            ("SLURM_ARRAY_TASK_MAX", "3"),
            ("SLURM_ARRAY_TASK_COUNT", "1"),
        ];
        assert_eq!(array(None, &again), None);
        assert_eq!(array(Some(8), &again), Some((3, 8)));
    }

    #[test]
    fn a_share_is_one_of_its_number() {
        let sound = |index, of| sound(Share { index, of }, 11).is_ok();
        assert!(sound(1, 1) && sound(8, 8) && sound(11, 11));
        assert!(!sound(9, 8) && !sound(0, 8) && !sound(0, 0) && !sound(3, 12));
        for wrong in ["3", "a/b", "3/", "/8", "-1/8", "3/8/2", "array/x"] {
            assert!(wrong.parse::<ShardArgument>().is_err(), "{wrong}");
        }
    }
}
