//! What law and guidance ask of a partnership's plan: the framework it answers to, its outcomes, and every duty in
//! force at the start of the forecast.

use super::verdicts::verdict;
use super::{Check, Compiler, Duties, Framework, Indicator, NationalOutcome};
use crate::diagnostic::Diagnostic;
use crate::document::{
    DutiesFile, DutyFile, FrameworkFile, NationalOutcomeFile, OutcomeAnswerFile,
    PartnershipPlanFile, Text,
};

impl Compiler<'_> {
    /// The duties of a plan and their answers.
    pub(super) fn take_duties(&mut self) {
        let documents = self.documents;
        let duties = &documents.duties;
        self.check_unique("framework", duties.frameworks.iter().map(|file| &file.id));
        self.check_unique("outcome", duties.outcomes.iter().map(|file| &file.id));
        self.check_unique("duty", duties.duties.iter().map(|file| &file.id));
        self.check_frameworks(duties);
        let plan = documents.scenario.plan.as_ref();
        if let Some(plan) = plan {
            self.check_plan(plan, duties);
        }
        let framework = self.framework(plan, duties);
        let outcomes = duties.outcomes.iter().filter(|file| {
            framework.is_some_and(|framework| framework.id.value == file.framework.value)
        });
        let outcomes = outcomes
            .map(|file| self.national_outcome(file, plan))
            .collect();
        self.plan.duties = Duties {
            framework: framework.map(|file| self.current(file, duties)),
            outcomes,
            checks: Vec::new(),
        };
        let start = self.plan.start;
        let is_in_force = |duty: &&DutyFile| {
            let (from, until) = (duty.from.as_ref(), duty.until.as_ref());
            from.is_none_or(|from| from.value <= start)
                && until.is_none_or(|until| start < until.value)
        };
        let asked = duties.duties.iter().filter(is_in_force);
        let checks = asked.map(|duty| {
            let statement = plan.and_then(|plan| {
                let mut statements = plan.statements.iter();
                statements.find(|statement| statement.duty.value == duty.id.value)
            });
            let (verdict, reason) = verdict(&duty.asks.value, &self.plan, plan, statement);
            Check {
                rule: duty.id.value.clone(),
                title: duty.title.value.clone(),
                citation: duty.citation.value.clone(),
                from: duty.from.as_ref().map(|from| from.value),
                until: duty.until.as_ref().map(|until| until.value),
                is_recalled: duty.wording.value == "recalled",
                verdict,
                reason,
            }
        });
        self.plan.duties.checks = checks.collect();
    }

    fn check_frameworks(&mut self, duties: &DutiesFile) {
        let ids: Vec<&str> = duties.frameworks.iter().map(|f| f.id.as_str()).collect();
        for outcome in &duties.outcomes {
            if !ids.contains(&outcome.framework.as_str()) {
                self.unknown("E215", "framework", &outcome.framework, &ids);
            }
        }
    }

    /// Every name in what the scenario says of the plan.
    fn check_plan(&mut self, plan: &PartnershipPlanFile, duties: &DutiesFile) {
        let outcomes: Vec<&str> = duties.outcomes.iter().map(|o| o.id.as_str()).collect();
        let asked: Vec<&str> = duties.duties.iter().map(|d| d.id.as_str()).collect();
        for partner in plan.partners.iter().flatten() {
            self.payer(partner);
        }
        self.check_unique("partner", plan.partners.iter().flatten());
        let named = |names: &mut dyn Iterator<Item = &Text>| names.cloned().collect::<Vec<_>>();
        let answered = named(&mut plan.outcomes.iter().map(|answer| &answer.outcome));
        let stated = named(&mut plan.statements.iter().map(|statement| &statement.duty));
        self.check_unique("outcome", answered.iter());
        self.check_unique("duty", stated.iter());
        for (what, names, known) in [("outcome", answered, outcomes), ("duty", stated, asked)] {
            for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
                self.unknown("E215", what, name, &known);
            }
        }
        for answer in &plan.outcomes {
            self.check_answer(answer);
        }
    }

    fn check_answer(&mut self, answer: &OutcomeAnswerFile) {
        if answer.is_priority.is_some() && answer.why.is_none() {
            let fault = Diagnostic::error("E102", "a priority without its reason")
                .expected("`why`, in words that elected members can read")
                .found("only `priority`");
            self.report(answer.at, fault);
        }
    }

    /// The framework that the plan names, or the latest one at the start of the forecast.
    fn framework<'f>(
        &mut self,
        plan: Option<&PartnershipPlanFile>,
        duties: &'f DutiesFile,
    ) -> Option<&'f FrameworkFile> {
        if let Some(name) = plan.and_then(|plan| plan.framework.as_ref()) {
            let found = duties
                .frameworks
                .iter()
                .find(|file| file.id.value == name.value);
            if found.is_none() {
                let ids: Vec<&str> = duties.frameworks.iter().map(|f| f.id.as_str()).collect();
                self.unknown("E215", "framework", name, &ids);
            }
            return found;
        }
        self.latest(duties)
    }

    fn latest<'f>(&self, duties: &'f DutiesFile) -> Option<&'f FrameworkFile> {
        let begun = |file: &&FrameworkFile| {
            file.from
                .as_ref()
                .is_some_and(|from| from.value <= self.plan.start)
        };
        let begins = |file: &&FrameworkFile| file.from.as_ref().map(|from| from.value);
        duties.frameworks.iter().filter(begun).max_by_key(begins)
    }

    fn current(&self, file: &FrameworkFile, duties: &DutiesFile) -> Framework {
        let latest = self.latest(duties);
        Framework {
            id: file.id.value.clone(),
            title: file.title.value.clone(),
            citation: file.citation.value.clone(),
            superseded_by: latest
                .filter(|latest| latest.id.value != file.id.value)
                .map(|latest| latest.title.value.clone()),
        }
    }

    fn national_outcome(
        &mut self,
        file: &NationalOutcomeFile,
        plan: Option<&PartnershipPlanFile>,
    ) -> NationalOutcome {
        let indicators = file.indicators.iter().map(|indicator| Indicator {
            title: indicator.title.value.clone(),
            is_recalled: indicator.wording.value == "recalled",
            measures: (indicator.measures.iter())
                .map(|name| self.named_measure(name))
                .collect(),
        });
        let indicators = indicators.collect();
        let mut answers = plan.iter().flat_map(|plan| &plan.outcomes);
        let answer = answers.find(|answer| answer.outcome.value == file.id.value);
        let words = |text: Option<&Text>| text.map(|text| text.value.clone());
        NationalOutcome {
            id: file.id.value.clone(),
            title: file.title.value.clone(),
            is_recalled: file.wording.value == "recalled",
            is_overarching: file.is_overarching,
            citation: file.citation.value.clone(),
            note: file.note.value.clone(),
            indicators,
            assessment: words(answer.and_then(|answer| answer.assessment.as_ref())),
            is_priority: answer.and_then(|answer| answer.is_priority),
            why: words(answer.and_then(|answer| answer.why.as_ref())),
            actions: answer.map_or_else(Vec::new, |answer| {
                let actions = answer.actions.iter();
                actions.map(|action| action.value.clone()).collect()
            }),
            indicator_not_used: words(answer.and_then(|a| a.indicator_not_used.as_ref())),
        }
    }
}
