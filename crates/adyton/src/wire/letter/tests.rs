//! What letters say, in both languages.

use super::*;
use crate::config::Locale;

const LINK: &str = "https://app.example.com/password-reset/abc?email=ana%40example.com&x=1";

fn english(letter: &Letter) -> Written {
    letter.write(&Texts::new(Locale::En), "Shop")
}

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_273_200, 0).expect("a date")
}

/// One of each, with all there may be in it.
fn all() -> Vec<Letter> {
    let (link, minutes) = (LINK.to_owned(), 60);
    let mut letters = vec![
        Letter::ResetPassword {
            link: link.clone(),
            minutes,
        },
        Letter::VerifyEmail {
            link: link.clone(),
            minutes,
        },
        Letter::ConfirmRegistration {
            link: link.clone(),
            hours: 24,
        },
        Letter::AlreadyRegistered {
            reset_link: Some(link.clone()),
        },
        Letter::ConfirmNewEmail { link, minutes },
    ];
    letters.extend(notices().into_iter().map(|what| {
        Letter::Notice(Notice {
            device: Some("Firefox on Linux".to_owned()),
            address: Some("192.0.2.7".to_owned()),
            not_me: Some(LINK.to_owned()),
            ..Notice::new(what, noon())
        })
    }));
    letters
}

fn notices() -> Vec<NoticeKind> {
    let provider = || "GitHub".to_owned();
    vec![
        NoticeKind::NewDevice,
        NoticeKind::PasswordChanged,
        NoticeKind::PasswordReset,
        NoticeKind::EmailChangeRequested,
        NoticeKind::EmailChanged {
            old: "old@example.com".to_owned(),
            new: "new@example.com".to_owned(),
        },
        NoticeKind::EmailRestored,
        NoticeKind::TwoFactorEnabled,
        NoticeKind::TwoFactorDisabled,
        NoticeKind::TwoFactorFailed,
        NoticeKind::TwoFactorLocked,
        NoticeKind::RecoveryCodesReplaced,
        NoticeKind::RecoveryCodeUsed { left: 7 },
        NoticeKind::TokenCreated {
            name: "my laptop".to_owned(),
        },
        NoticeKind::ProviderLinked {
            provider: provider(),
        },
        NoticeKind::ProviderUnlinked {
            provider: provider(),
        },
        NoticeKind::PasskeyAdded {
            name: "my phone".to_owned(),
        },
        NoticeKind::PasskeyRemoved {
            name: "my phone".to_owned(),
        },
        NoticeKind::AccountDeleted,
        NoticeKind::Disabled,
    ]
}

#[test]
fn every_letter_is_whole_in_both_languages() {
    for locale in [Locale::En, Locale::Es] {
        let mut subjects = Vec::new();
        for letter in all() {
            let written = letter.write(&Texts::new(locale), "Shop");
            let name = letter.name();
            for said in [&written.subject, &written.text, &written.html] {
                assert!(said.contains("Shop"), "{name}: {said}");
                assert!(!said.contains("mail."), "{name}: {said}");
                let is_left = |word: &str| word.starts_with(':') && word.len() > 1;
                assert!(!said.split_whitespace().any(is_left), "{name}: {said}");
            }
            let alone = written.text.lines().any(|line| line == LINK);
            assert!(alone, "{name}: {}", written.text);
            assert!(!written.subject.contains('\n'));
            assert!(!format!("{letter:?}").contains("https"), "{letter:?}");
            subjects.push(written.subject);
        }
        subjects.sort();
        subjects.dedup();
        assert_eq!(
            subjects.len(),
            all().len(),
            "one cannot be told from another"
        );
    }
}

#[test]
fn a_letter_with_a_link_says_how_long_it_lasts() {
    let said = |minutes| {
        let link = LINK.to_owned();
        english(&Letter::ResetPassword { link, minutes }).text
    };
    assert_eq!(
        said(60),
        format!(
            "Somebody asked for a new password for your account at Shop. If it was you, choose \
             one here.\n\nChoose a new password:\n{LINK}\n\nThe link works once, and for 60 \
             minutes from when it was asked for.\n\nIf it was not you, there is nothing to do: \
             without this link no password is set.\n\n--\nThis message was sent by Shop because it \
             concerns this address. Nobody reads replies to it.\n"
        )
    );
    assert!(said(1).contains("for one minute from"));
    assert!(said(120).contains("for 2 hours from"));
    assert!(said(90).contains("for 90 minutes from"));
}

#[test]
fn a_notice_says_what_when_where_and_what_to_do() {
    let notice = Notice {
        device: Some("Firefox on Linux".to_owned()),
        address: Some("192.0.2.7".to_owned()),
        not_me: Some("https://app.example.com/not-me".to_owned()),
        undo: Some("https://app.example.com/undo".to_owned()),
        ..Notice::new(
            NoticeKind::EmailChanged {
                old: "old@example.com".to_owned(),
                new: "new@example.com".to_owned(),
            },
            noon(),
        )
    };
    let written = Letter::Notice(notice).write(&Texts::new(Locale::Es), "Tienda");
    assert_eq!(
        written.text,
        "La dirección de tu cuenta de Tienda ha cambiado de old@example.com a new@example.com.\n\n\
         Cuándo: 2026-11-21 15:00 UTC\nDispositivo: Firefox on Linux\nDirección IP: 192.0.2.7\n\n\
         Si has sido tú, no tienes que hacer nada. Si no, puedes deshacerlo.\n\n\
         Deshacer el cambio:\nhttps://app.example.com/undo\n\n\
         Si crees que otra persona está usando tu cuenta, avísanos aquí:\n\
         https://app.example.com/not-me\n\n--\n\
         Este mensaje lo ha enviado Tienda porque se refiere a esta dirección. Nadie lee las \
         respuestas.\n"
    );
    assert!(written.html.contains("<html lang=\"es\">"));
}

#[test]
fn without_links_a_notice_still_says_what_to_do() {
    let said = |what| english(&Letter::Notice(Notice::new(what, noon()))).text;
    assert!(said(NoticeKind::PasswordChanged).contains("change your password at once"));
    let deleted = said(NoticeKind::AccountDeleted);
    assert!(deleted.contains("ask the people who run Shop"), "{deleted}");
    assert!(!deleted.contains("change your password"), "{deleted}");
    assert!(said(NoticeKind::RecoveryCodeUsed { left: 1 }).contains("One is left."));
    assert!(said(NoticeKind::RecoveryCodeUsed { left: 0 }).contains("It was the last one"));
}

#[test]
fn what_others_chose_stays_text_in_one_line() {
    let name = "a</p><img src=x onerror=alert(1)>\r\n\r\nhttps://evil.example\u{202e}\" :app :time";
    let name = name.to_owned();
    let device = Some(format!("<b>{}", "x".repeat(500)));
    let notice = Notice {
        device,
        ..Notice::new(NoticeKind::TokenCreated { name }, noon())
    };
    let written = english(&Letter::Notice(notice));
    assert!(!written.html.contains("<img") && !written.html.contains("<b>"));
    assert!(
        written
            .html
            .contains("&lt;img src=x onerror=alert(1)&gt; https://evil.example&quot;")
    );
    assert!(written.text.contains(":app :time”"), "{}", written.text);
    assert!(
        !written
            .text
            .lines()
            .any(|line| line.starts_with("https://"))
    );
    assert!(!written.text.contains('\u{202e}'));
    assert!(written.text.lines().all(|line| line.chars().count() < 400));
}

#[test]
fn a_link_is_escaped_and_otherwise_as_it_was_given() {
    let letter = Letter::VerifyEmail {
        link: LINK.to_owned(),
        minutes: 60,
    };
    let html = english(&letter).html;
    let escaped = LINK.replace('&', "&amp;");
    assert_eq!(html.matches(&format!("href=\"{escaped}\"")).count(), 2);
    assert!(html.contains(&format!(">{escaped}</a>")));
}

#[test]
fn a_letter_comes_back_from_json_as_it_was() {
    for letter in all() {
        let json = serde_json::to_string(&letter).expect("written");
        assert!(serde_json::from_str::<Letter>(&json).expect("read") == letter);
    }
}

#[test]
fn a_link_that_has_ended_is_not_worth_sending() {
    let hours = |letter: &Letter| letter.lifetime().map(|lifetime| lifetime.as_secs() / 3600);
    let lifetimes: Vec<_> = all().iter().take(6).map(hours).collect();
    let expected = [Some(1), Some(1), Some(24), None, Some(1), None];
    assert_eq!(lifetimes, expected);
}
