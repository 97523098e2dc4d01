//! A stretch of days that is looked at, and the one before it that it is compared with.

use adyton::chrono::{Datelike as _, Days, Months, NaiveDate};
use adyton::{Invalid, Result, Rule};

/// The periods that may be asked for: days each, or months.
const KNOWN: [(&str, Length); 4] = [
    ("7d", Length::Days(7)),
    ("30d", Length::Days(30)),
    ("90d", Length::Days(90)),
    ("12m", Length::Months(12)),
];

const USUAL: &str = "30d";

#[derive(Clone, Copy, Debug)]
enum Length {
    Days(u64),
    Months(u32),
}

/// Days from one to another, both among them.
#[derive(Clone, Debug)]
pub struct Period {
    pub name: &'static str,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// The first day of the period before, which ends where this one begins.
    pub before: NaiveDate,
    length: Length,
}

impl Period {
    /// The period of a name that ends today.
    ///
    /// # Errors
    /// A name that is not known.
    pub fn ending(today: NaiveDate, name: Option<&str>) -> Result<Self> {
        let name = name.unwrap_or(USUAL);
        let known = KNOWN.iter().find(|(known, _)| *known == name);
        let (name, length) = *known.ok_or_else(|| Invalid::field("period", Rule::In))?;
        let (from, before) = match length {
            Length::Days(days) => {
                let from = today - Days::new(days - 1);
                (from, from - Days::new(days))
            }
            Length::Months(months) => {
                let from = first_of_month(today) - Months::new(months - 1);
                (from, from - Months::new(months))
            }
        };
        Ok(Self {
            name,
            from,
            to: today,
            before,
            length,
        })
    }

    /// The places of the series in their order, each by the first day of its time.
    pub fn places(&self) -> Vec<NaiveDate> {
        let next = |day: &NaiveDate| match self.length {
            Length::Days(_) => *day + Days::new(1),
            Length::Months(_) => *day + Months::new(1),
        };
        let days = std::iter::successors(Some(self.from), |day| Some(next(day)));
        days.take_while(|day| *day <= self.to).collect()
    }

    /// The place of a day in the series.
    pub fn place(&self, day: NaiveDate) -> NaiveDate {
        match self.length {
            Length::Days(_) => day,
            Length::Months(_) => first_of_month(day),
        }
    }
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::{NaiveDate, Period};

    fn period(name: &str) -> Period {
        let today = NaiveDate::from_ymd_opt(2028, 2, 29).expect("a leap day");
        Period::ending(today, Some(name)).expect("a period")
    }

    #[test]
    fn a_period_ends_today_and_is_as_long_as_the_one_before() {
        let week = period("7d");
        assert_eq!(week.from.to_string(), "2028-02-23");
        assert_eq!(week.before.to_string(), "2028-02-16");
        assert_eq!(week.places().len(), 7);
        let year = period("12m");
        assert_eq!(year.from.to_string(), "2027-03-01");
        assert_eq!(year.before.to_string(), "2026-03-01");
        assert_eq!(year.places().len(), 12);
        assert_eq!(year.place(year.to).to_string(), "2028-02-01");
        assert!(Period::ending(year.to, Some("1d")).is_err());
    }
}
