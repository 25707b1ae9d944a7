//! The page of the manual behind each code: one Markdown file, embedded.

/// The manual: a heading for every code, followed by why, what is wrong and what is right.
pub const MANUAL: &str = include_str!("codes.md");

/// Every code, in order.
pub fn codes() -> Vec<&'static str> {
    MANUAL
        .lines()
        .filter_map(|line| line.strip_prefix("## "))
        .filter_map(|heading| heading.split(':').next())
        .collect()
}

/// The explanation of a code (`E203` or `e203`), with its heading.
pub fn explain(code: &str) -> Option<&'static str> {
    let code = code.to_uppercase();
    MANUAL
        .split_inclusive("\n## ")
        .skip(1)
        .map(|section| section.trim_end_matches("\n## ").trim_end())
        .find(|section| section.split(':').next() == Some(code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page_with_a_wrong_and_a_right_example() {
        assert!(codes().len() > 40);
        for code in codes() {
            let page = explain(code).unwrap();
            assert!(page.starts_with(code), "{page}");
            assert!(page.contains("Wrong:") && page.contains("Right:"), "{page}");
        }
        assert_eq!(explain("E999"), None);
        assert_eq!(explain("e203"), explain("E203"));
    }
}
