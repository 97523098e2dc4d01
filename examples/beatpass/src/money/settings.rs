//! How payments are set up: by variables, read once at the start.

use adyton::Secret;

use super::stripe::Stripe;

const SECRET_KEY: &str = "BEATPASS_STRIPE_SECRET_KEY";
const PUBLISHABLE_KEY: &str = "BEATPASS_STRIPE_PUBLISHABLE_KEY";
const WEBHOOK_SECRET: &str = "BEATPASS_STRIPE_WEBHOOK_SECRET";
const ADDRESS: &str = "BEATPASS_STRIPE_ADDRESS";
const SCRIPT: &str = "BEATPASS_STRIPE_SCRIPT";
const TEST_MODE: &str = "BEATPASS_PAYMENTS_TEST_MODE";

/// Where Stripe is, and its script.
const STRIPE: &str = "https://api.stripe.com";
const STRIPE_JS: &str = "https://js.stripe.com/v3/";

/// In place of an address: Stripe is played by this very program.
const PRACTICE: &str = "practice";

/// How payments are set up.
#[derive(Debug)]
pub enum Settings {
    /// Nothing can be bought.
    Off {
        /// What the switch says all the same.
        is_test: bool,
    },
    /// Stripe is played by this program, with its documented test cards.
    Practice,
    /// Stripe, or what stands in for it.
    Stripe(Box<Keys>),
}

/// What Stripe gave, and where it is.
#[derive(Debug)]
pub struct Keys {
    pub stripe: Stripe,
    pub publishable: String,
    pub webhook: Secret<String>,
    pub script: String,
    /// The test-mode switch.
    pub is_test: bool,
}

impl Settings {
    /// What the environment says. `is_demo` is the program's flag `--demo`, which takes payments by
    /// itself unless there is a key.
    ///
    /// # Errors
    /// What does not go together, and what to change.
    pub fn from_environment(is_demo: bool) -> Result<Self, String> {
        Self::read(is_demo, |name| {
            std::env::var(name).ok().filter(|value| !value.is_empty())
        })
    }

    fn read(is_demo: bool, variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let switch = match variable(TEST_MODE).as_deref() {
            None => None,
            Some("yes") => Some(true),
            Some("no") => Some(false),
            Some(other) => return Err(format!("{TEST_MODE} is `{other}`; say yes or no")),
        };
        let address = variable(ADDRESS);
        let is_practice = address.as_deref() == Some(PRACTICE);
        let Some(secret) = variable(SECRET_KEY) else {
            return without_key(is_practice || is_demo, switch);
        };
        if is_practice {
            return Err(format!(
                "{ADDRESS} is `{PRACTICE}` and {SECRET_KEY} is set; leave one of them out"
            ));
        }
        let needed = |name: &str| {
            variable(name).ok_or_else(|| format!("{SECRET_KEY} is set; set {name} too"))
        };
        Ok(Self::Stripe(Box::new(Keys {
            is_test: agreed(switch, &secret)?,
            stripe: Stripe::at(
                address.as_deref().unwrap_or(STRIPE),
                &secret.as_str().into(),
            )
            .map_err(|error| format!("{ADDRESS}, {SECRET_KEY}: {error}"))?,
            publishable: needed(PUBLISHABLE_KEY)?,
            webhook: needed(WEBHOOK_SECRET)?.into(),
            script: variable(SCRIPT).unwrap_or_else(|| STRIPE_JS.to_owned()),
        })))
    }
}

/// Practice, or nothing.
fn without_key(is_practice: bool, switch: Option<bool>) -> Result<Settings, String> {
    match (is_practice, switch) {
        (true, Some(false)) => Err(format!(
            "{TEST_MODE} is `no`, and practice is never real: set {SECRET_KEY} to a live key, or \
             leave {TEST_MODE} out"
        )),
        (true, _) => Ok(Settings::Practice),
        (false, switch) => Ok(Settings::Off {
            is_test: switch.unwrap_or(true),
        }),
    }
}

/// The switch and the key must mean the same: what a switch of ours calls a test must not charge.
fn agreed(switch: Option<bool>, secret: &str) -> Result<bool, String> {
    let key_is_test = match secret.split('_').nth(1) {
        Some("test") => true,
        Some("live") => false,
        _ => {
            return Err(format!(
                "{SECRET_KEY} begins with neither sk_test_ nor sk_live_"
            ));
        }
    };
    match (switch, key_is_test) {
        (Some(true), false) => Err(format!(
            "{TEST_MODE} is `yes` and {SECRET_KEY} is a live key, which charges real cards; take \
             Stripe's test key, or set {TEST_MODE}=no"
        )),
        (Some(false), true) => Err(format!(
            "{TEST_MODE} is `no` and {SECRET_KEY} is a test key, which charges nobody; take \
             Stripe's live key, or set {TEST_MODE}=yes"
        )),
        (None, false) => Err(format!(
            "{SECRET_KEY} is a live key, which charges real cards; if that is meant, set \
             {TEST_MODE}=no"
        )),
        (_, is_test) => Ok(is_test),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(is_demo: bool, set: &[(&str, &str)]) -> Result<Settings, String> {
        Settings::read(is_demo, |name| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    fn keys(secret: &'static str) -> Vec<(&'static str, &'static str)> {
        vec![
            (SECRET_KEY, secret),
            (PUBLISHABLE_KEY, "pk_test_a"),
            (WEBHOOK_SECRET, "whsec_a"),
        ]
    }

    /// BP-15
    #[test]
    fn a_switch_that_contradicts_the_key_does_not_start() {
        for (secret, switch) in [
            ("sk_live_a", Some("yes")),
            ("sk_live_a", None),
            ("sk_test_a", Some("no")),
            ("sk_test_a", Some("perhaps")),
            ("password", None),
        ] {
            let set = [
                keys(secret),
                switch.map(|word| (TEST_MODE, word)).into_iter().collect(),
            ];
            let refused = read(false, &set.concat()).expect_err(secret);
            assert!(refused.contains("BEATPASS_"), "{refused}");
        }
        let live = [keys("sk_live_a"), vec![(TEST_MODE, "no")]].concat();
        for (set, is_test) in [(keys("sk_test_a"), true), (live, false)] {
            match read(false, &set) {
                Ok(Settings::Stripe(keys)) => assert_eq!(keys.is_test, is_test),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn practice_is_never_beside_a_key_and_never_live() {
        assert!(matches!(read(true, &[]), Ok(Settings::Practice)));
        assert!(matches!(
            read(false, &[]),
            Ok(Settings::Off { is_test: true })
        ));
        assert!(matches!(
            read(false, &[(ADDRESS, "practice")]),
            Ok(Settings::Practice)
        ));
        assert!(matches!(
            read(true, &keys("sk_test_a")),
            Ok(Settings::Stripe(_))
        ));
        let both = [keys("sk_test_a"), vec![(ADDRESS, "practice")]].concat();
        read(false, &both).expect_err("one of them is meant");
        read(true, &[(TEST_MODE, "no")]).expect_err("practice charges nobody");
        read(false, &[(SECRET_KEY, "sk_test_a")]).expect_err("the other keys are missing");
    }
}
