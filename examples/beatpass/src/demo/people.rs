//! Who is there: those who can log in, artists, and listeners who cannot.

use adyton::chrono::{DateTime, Duration, Utc};
use adyton::{Adyton, Result, UserDraft};

/// Of all who can log in. It is printed at the start.
const PASSWORD: &str = "night drive 2026";

/// Artists, with what they say of themselves. The first is Ana, who can log in.
const ARTISTS: [(&str, &str, &str); 8] = [
    (
        "Ana Sol",
        "ana@example.com",
        "Late-night trap and R&B from a room above a bakery. Everything starts on an upright piano.",
    ),
    (
        "Kito Bravo",
        "kito@example.com",
        "Percussion first. Log drums, shakers, and whatever was on the kitchen table.",
    ),
    (
        "Mira Vance",
        "mira@example.com",
        "Tape hiss, brushed drums, rain on the window. Beats to read by.",
    ),
    (
        "Juno Park",
        "juno@example.com",
        "House for small rooms and big speakers. Plays every chord by hand.",
    ),
    (
        "Dex Okafor",
        "dex@example.com",
        "Sliding bass and hats that do not sit still. Mixes in mono, then opens the curtains.",
    ),
    (
        "Lena Frost",
        "lena@example.com",
        "Cold keys, warm low end. Scores short films when nobody is rapping.",
    ),
    (
        "Sami Rivers",
        "sami@example.com",
        "Digs for records on Sundays, chops them on Mondays, gives up on Tuesdays, finishes on Fridays.",
    ),
    (
        "Nova Hart",
        "nova@example.com",
        "Slow jams with long tails. Sings the toplines, then deletes them.",
    ),
];

const LISTENERS: [&str; 22] = [
    "Iris Lane",
    "Tomas Reed",
    "Noor Haddad",
    "Pia Lund",
    "Owen Pike",
    "Yara Costa",
    "Milo Grant",
    "Suki Tan",
    "Rafa Leon",
    "Ines Duarte",
    "Theo Blake",
    "Zadie Moss",
    "Kofi Mensah",
    "Lotte Baum",
    "Ravi Sen",
    "Elif Kaya",
    "Hugo Prat",
    "Maya Ortiz",
    "Finn Dale",
    "Aiko Mori",
    "Lior Katz",
    "Vera Novak",
];

/// Everybody, by their ids.
pub struct People {
    pub artists: Vec<i64>,
    pub ben: i64,
    pub listeners: Vec<i64>,
}

/// Makes them, as if they had come one after the other in the year before.
pub async fn make(adyton: &Adyton, now: DateTime<Utc>) -> Result<People> {
    let mut artists = Vec::new();
    for (at, (name, email, bio)) in ARTISTS.iter().enumerate() {
        let joined = now - Duration::days(395 - at as i64 * 3);
        let mut draft = UserDraft::new(*name, *email);
        draft.password = (at == 0).then(|| PASSWORD.into());
        let id = user(adyton, draft, joined).await?;
        let sql = "INSERT INTO artists (user_id, bio) VALUES ($1, $2)";
        adyton.db().run(sql, &[id.into(), (*bio).into()]).await?;
        artists.push(id);
    }
    let mut draft = UserDraft::new("Robin Admin", "admin@example.com");
    draft.password = Some(PASSWORD.into());
    draft.role = Some("admin".to_owned());
    user(adyton, draft, now - Duration::days(400)).await?;
    let mut draft = UserDraft::new("Ben Carter", "ben@example.com");
    draft.password = Some(PASSWORD.into());
    let ben = user(adyton, draft, now - Duration::days(300)).await?;
    let mut listeners = Vec::new();
    for (at, name) in LISTENERS.iter().enumerate() {
        let email = format!("{}@example.com", name.to_lowercase().replace(' ', "."));
        let joined = now - Duration::days(360 - at as i64 * 8);
        listeners.push(user(adyton, UserDraft::new(*name, email), joined).await?);
    }
    Ok(People {
        artists,
        ben,
        listeners,
    })
}

async fn user(adyton: &Adyton, mut draft: UserDraft, joined: DateTime<Utc>) -> Result<i64> {
    draft.verified = true;
    let user = adyton.create_user(draft).await?;
    let update = "UPDATE users SET created_at = $1 WHERE id = $2";
    let values = [joined.into(), (&user.id).into()];
    adyton.db().run(update, &values).await?;
    match user.id {
        adyton::UserId::Integer(id) => Ok(id),
        adyton::UserId::Text(_) => Err(adyton::Error::NotFound),
    }
}
