//! Faults of scores of options and of the weights of criteria.

use needscast::diagnostic::render;

use super::super::cases::Case;
use super::{SCORES, WEIGHTS, scores_faults};

#[test]
fn weights() {
    let cases: &[Case] = &[
        (
            "criterion,weight",
            "criterion,wieght",
            "E104",
            (1, 1),
            "rename `wieght` to `weight`",
        ),
        (
            "high,points",
            "high,dots",
            "E107",
            (1, 37),
            "unknown column `dots`",
        ),
        ("access,0.6", "access,", "E301", (2, 8), "`weight` is empty"),
        ("access,0.6", "access,0.5", "E705", (2, 8), "a sum of 0.9"),
        (
            "wait,0.4,lower,0,60,\n",
            "wait,0.4,lower,0,60,\nwait,0,lower,0,60,\n",
            "E701",
            (4, 1),
            "stands twice",
        ),
        (
            "wait,0.4,lower,0,60,\n",
            "wait,0.4,lower,0,60,\ncost,0,,,,\n",
            "E707",
            (4, 1),
            "cost is given a weight",
        ),
        (
            "wait,0.4,lower,0,60,\n",
            "wait,0.4,lower,0,60,\nnoise,0,,,,\n",
            "E706",
            (4, 1),
            "no option has a score on `noise`",
        ),
        (
            "lower,0,60",
            "less,0,60",
            "E111",
            (3, 10),
            "`higher` or `lower`",
        ),
        (
            "lower,0,60",
            "lower,60,0",
            "E708",
            (3, 19),
            "`low` below `high`",
        ),
        (
            "lower,0,60",
            "lower,0,",
            "E708",
            (3, 16),
            "both `low` and `high`",
        ),
        (
            "lower,0,60",
            "lower,,",
            "E708",
            (3, 16),
            "both `low` and `high`",
        ),
        (
            "lower,0,60",
            "lower,0,25",
            "E708",
            (2, 14),
            "a score from 0 to 25",
        ),
        (
            "lower,0,60,",
            "lower,0,60,0:0 9:9",
            "E708",
            (3, 21),
            "either `points`",
        ),
        (
            "lower,0,60,",
            ",,,0:0 9",
            "E708",
            (3, 13),
            "rising by score",
        ),
    ];
    for case in cases {
        let of_scores = case.4.contains("0 to 25");
        let found = scores_faults(SCORES, &WEIGHTS.replacen(case.0, case.1, 1));
        let shown = render(&found);
        assert!(
            !found.is_empty() && found.iter().all(|fault| fault.code == case.2),
            "{shown}"
        );
        let at = found[0].place.as_ref().unwrap();
        let file = if of_scores {
            "scores.csv"
        } else {
            "weights.csv"
        };
        assert!(at.file.ends_with(file), "{shown}");
        assert_eq!((at.line, at.column), case.3, "{shown}");
        assert!(shown.contains(case.4), "{}: {shown}", case.4);
    }
    let negative = WEIGHTS.replacen("0.6", "-0.6", 1).replacen("0.4", "1.6", 1);
    let found = scores_faults(SCORES, &negative);
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E303"),
        "{}",
        render(&found)
    );
    // A weight of cost is one fault, whatever the others sum to.
    let found = scores_faults(
        SCORES,
        &WEIGHTS.replacen("access,0.6", "access,0.2,,,,\nCost,0.4", 1),
    );
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E707"),
        "{}",
        render(&found)
    );
    assert_eq!(scores_faults(SCORES, "criterion,weight\n")[0].code, "E005");
}

#[test]
fn scores() {
    let cases: &[Case] = &[
        (
            "option,cost",
            "name,cost",
            "E104",
            (1, 1),
            "the column `option` is missing",
        ),
        (
            "regional,120,60,20",
            "regional,120,60",
            "E106",
            (3, 1),
            "4 cells",
        ),
        (
            "regional,120,60",
            ",120,60",
            "E108",
            (3, 1),
            "`option` is empty",
        ),
        (
            "regional,120,60",
            "regional,120,",
            "E301",
            (3, 14),
            "`access` is empty",
        ),
        (
            "regional,120,60",
            "regional,120,many",
            "E301",
            (3, 14),
            "not a number",
        ),
        (
            "regional,120,60,20",
            "regional,120,60,70",
            "E708",
            (3, 17),
            "a score from 0 to 60",
        ),
        ("regional,120", "today,120", "E701", (3, 7), "scored twice"),
    ];
    for (index, case) in cases.iter().enumerate() {
        let found = scores_faults(&SCORES.replacen(case.0, case.1, 1), WEIGHTS);
        let shown = render(&found);
        assert!(
            !found.is_empty() && found.iter().all(|fault| fault.code == case.2),
            "{index} {shown}"
        );
        let at = found[0].place.as_ref().unwrap();
        assert_eq!((at.line, at.column), case.3, "{shown}");
        assert!(shown.contains(case.4), "{}: {shown}", case.4);
    }
    // A misspelt criterion is one without a weight, and the weight one without scores.
    let found = scores_faults(&SCORES.replacen("access", "acces", 1), WEIGHTS);
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E706"),
        "{}",
        render(&found)
    );
    assert!(render(&found).contains("did you mean `access`?"));
    let long = "option,criterion,value\ntoday,access,1\ntoday,wait,2\nregional,access,3\n";
    let found = scores_faults(long, WEIGHTS);
    assert_eq!(
        (found.len(), found[0].code),
        (1, "E706"),
        "{}",
        render(&found)
    );
    assert_eq!(found[0].place.as_ref().unwrap().line, 4);
}
