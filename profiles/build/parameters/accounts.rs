//! One year's people flows, made to agree: the courts, the prisons and social work count different things, and here
//! they are brought to the flows between the states of the model.

use crate::parameters::cell::financial_year;
use crate::parameters::courts::{self, Courts, Outside};
use crate::parameters::priors::Priors;
use crate::parameters::published::Published;
use crate::parameters::strata::{FIRST, LAST};

/// Share of community payback orders that end in custody for breach: 3,300 breach applications in 2022-23, custody
/// the outcome of 23% of them, over 14,700 orders commenced.
pub const BREACH_TO_CUSTODY: f64 = 0.23 * 3_300.0 / 14_700.0;
/// Share of people on a structured deferred sentence who end it well; nobody publishes it.
pub const DEFERRED_WELL: f64 = 0.75;

/// Diversion cases commenced by financial year, and whether the year is interpolated.
const DIVERSION: [(f64, bool); 11] = [
    (1_580.0, true),
    (1_740.0, true),
    (1_900.0, false),
    (2_000.0, false),
    (1_900.0, true),
    (1_800.0, false),
    (2_000.0, false),
    (2_200.0, true),
    (2_400.0, true),
    (2_600.0, false),
    (3_400.0, false),
];
/// Structured deferred sentences: counted in 2020-21 and from 2022-23 only.
const DEFERRED: [(f64, bool); 11] = [
    (289.0, true),
    (289.0, true),
    (289.0, true),
    (289.0, true),
    (289.0, true),
    (289.0, true),
    (289.0, true),
    (289.0, false),
    (795.0, true),
    (1_300.0, false),
    (1_400.0, false),
];
/// Bail supervision cases commenced.
const SUPERVISED_BAIL: [(f64, bool); 11] = [
    (417.0, false),
    (402.0, true),
    (386.0, true),
    (371.0, true),
    (355.0, true),
    (340.0, false),
    (463.0, true),
    (670.0, true),
    (890.0, true),
    (1_100.0, false),
    (1_300.0, false),
];

/// The flows of one financial year.
#[derive(Clone, Debug, Default)]
pub struct Account {
    pub year: u16,
    pub courts: Courts,
    /// Arrivals in prison untried, convicted awaiting sentence and sentenced; recalls among the last.
    pub untried: f64,
    pub awaiting: f64,
    pub sentenced: f64,
    pub recalled: f64,
    /// Endings of remand by journey: out from untried, out after conviction, to a sentence from each.
    pub endings: Endings,
    /// Custodial sentences begun by people who were not already serving one.
    pub starts: f64,
    /// Of them, people who arrive sentenced.
    pub direct: f64,
    /// Convictions on the scale of people who were not in prison already.
    pub convictions: f64,
    /// Of them, people who were being followed.
    pub returned: f64,
    /// People who come to court from outside the follow-up.
    pub tried: f64,
    /// Chance of remand for somebody with the average previous convictions.
    pub remand: f64,
    /// People sentenced who were not convicted on remand.
    pub sentencing: f64,
    /// People given a sentence other than custody.
    pub community: f64,
    pub diverted: f64,
    pub deferred: f64,
    pub supervised_bail: f64,
    /// Reports that end with no action, and with a disposal out of court other than diversion.
    pub no_action: f64,
    pub out_of_court: f64,
    /// Which of diversion, deferred sentences and supervised bail are interpolated.
    pub interpolated: [bool; 3],
}

/// How time on remand ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Endings {
    pub u_out: f64,
    pub ua_out: f64,
    pub a_out: f64,
    pub u_sentence: f64,
    pub ua_sentence: f64,
    pub a_sentence: f64,
}

impl Endings {
    /// People who were untried at first.
    pub fn untried(&self) -> f64 {
        self.u_out + self.convicted()
    }

    /// Of them, convicted while there.
    pub fn convicted(&self) -> f64 {
        self.ua_out + self.u_sentence + self.ua_sentence
    }

    /// Everybody who awaited sentence there.
    pub fn awaiting(&self) -> f64 {
        self.a_out + self.ua_out + self.a_sentence + self.ua_sentence
    }

    /// Of them, sentenced to custody.
    pub fn awaiting_sentenced(&self) -> f64 {
        self.a_sentence + self.ua_sentence
    }

    /// Of people convicted on remand, those who go on awaiting sentence.
    pub fn held_on(&self) -> f64 {
        (self.ua_out + self.ua_sentence) / self.convicted()
    }
}

impl Account {
    /// Court disposals to custody per custodial sentence begun.
    pub fn custody_weight(&self) -> f64 {
        self.courts.custody / self.starts
    }

    /// People convicted outside the definition, as people tried for it.
    pub fn minor_tried(&self) -> f64 {
        self.courts.minor() / self.courts.minor_proved
    }

    /// Everybody who enters from outside.
    pub fn reported(&self) -> f64 {
        self.tried + self.minor_tried() + self.no_action + self.out_of_court + self.diverted
    }

    /// The chance that somebody who comes to court from outside is convicted.
    fn conviction(&self, priors: &Priors) -> f64 {
        let convicted_on_remand = self.remand
            * priors.custody_of_entrants
            * (self.endings.convicted() / self.endings.untried());
        convicted_on_remand + (1.0 - convicted_on_remand) * self.courts.proved
    }
}

/// The accounts of every year from 2013-14 to 2023-24; `followed` is the share of convictions that are returns.
pub fn read(
    from: &Published,
    outside: &Outside,
    priors: &Priors,
    followed: f64,
) -> Result<Vec<Account>, String> {
    let courts = courts::read(from, outside)?;
    (FIRST..=LAST)
        .zip(courts)
        .map(|(year, courts)| account(from, year, courts, priors, followed))
        .collect()
}

/// People who entered the stock of a sentence band in a year: everybody held at some time in it, less those held
/// on 1 April, which is taken as the mean of this year's and last year's average.
pub fn entries(from: &Published, band: &str, year: u16) -> Result<f64, String> {
    Ok(from.sentence(band, "individuals", year)? - on_april(from, band, year)?)
}

/// People held on 1 April at the start of a year.
pub fn on_april(from: &Published, band: &str, year: u16) -> Result<f64, String> {
    let average = |year| from.sentence(band, "average", year);
    Ok((average(year)? + average(year - 1)?) / 2.0)
}

fn account(
    from: &Published,
    year: u16,
    courts: Courts,
    priors: &Priors,
    followed: f64,
) -> Result<Account, String> {
    let at = usize::from(year - FIRST);
    let recalled = entries(from, "Recall", year)?;
    let sentenced = from.arrivals("Sentenced", year)?;
    let endings = Endings {
        u_out: from.remand("U__", year)?,
        ua_out: from.remand("UA_", year)?,
        a_out: from.remand("_A_", year)?,
        u_sentence: from.remand("U_S", year)?,
        ua_sentence: from.remand("UAS", year)?,
        a_sentence: from.remand("_AS", year)?,
    };
    let direct = sentenced - recalled - BREACH_TO_CUSTODY * courts.cpo;
    let starts = direct + endings.u_sentence + endings.ua_sentence + endings.a_sentence;
    let convictions = courts.relevant - (courts.custody - starts);
    let (no_action, out_of_court) = out_of_court(from, year.min(LAST - 1))?;
    let made = Account {
        year,
        untried: from.arrivals("Untried", year)?,
        awaiting: from.arrivals("CAS", year)?,
        sentenced,
        recalled,
        endings,
        starts,
        direct,
        convictions,
        returned: convictions * followed,
        community: convictions - starts,
        diverted: DIVERSION[at].0,
        deferred: DEFERRED[at].0,
        supervised_bail: SUPERVISED_BAIL[at].0,
        no_action,
        out_of_court: out_of_court - DIVERSION[at].0,
        interpolated: [DIVERSION[at].1, DEFERRED[at].1, SUPERVISED_BAIL[at].1],
        courts,
        ..Account::default()
    };
    Ok(balance(made, priors))
}

/// Finds how many come to court, and the chance of remand, that give the convictions and arrivals published.
fn balance(mut made: Account, priors: &Priors) -> Account {
    let kept = made.endings.convicted() / made.endings.untried();
    let returning = priors.custody_of_returners * made.returned;
    for _ in 0..60 {
        let first = made.convictions - made.returned;
        made.tried = first / made.conviction(priors);
        made.remand = made.untried / (made.tried * priors.custody_of_entrants + returning);
    }
    let convicted_on_remand = kept * made.untried;
    let returned_from_remand = made.remand * returning * (1.0 - kept);
    made.sentencing = made.convictions - convicted_on_remand - returned_from_remand;
    made
}

/// Reports that ended with no action, and with a disposal out of court, diversion among them.
fn out_of_court(from: &Published, year: u16) -> Result<(f64, f64), String> {
    let rows = [
        "Fiscal fines (CHS people)",
        "Fiscal fixed penalties (CHS people)",
        "Compensation orders (CHS people)",
        "Combined fiscal fines/compensation orders (CHS people)",
        "Fiscal warnings (COPFS cases)",
        "Other non-court disposals (COPFS cases)",
    ];
    let thousands = |row: &str| Ok::<f64, String>(1000.0 * from.court("Table_1", row, year)?);
    let disposals: f64 = rows
        .into_iter()
        .map(thousands)
        .sum::<Result<f64, String>>()?;
    Ok((thousands("No action (COPFS cases)")?, disposals))
}

/// The words that say which years an account stands on.
pub fn period(year: u16) -> String {
    financial_year(year)
}
