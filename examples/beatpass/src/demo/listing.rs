//! What there is to hear: six genres, six albums, and the tracks in the order in which they came
//! out.

/// How a track is made, and what its cover looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Genre {
    Trap,
    LoFi,
    Drill,
    House,
    Afrobeat,
    Soul,
}

impl Genre {
    pub fn name(self) -> &'static str {
        match self {
            Genre::Trap => "Trap",
            Genre::LoFi => "Lo-fi",
            Genre::Drill => "Drill",
            Genre::House => "House",
            Genre::Afrobeat => "Afrobeat",
            Genre::Soul => "R&B",
        }
    }
}

pub struct Album {
    pub artist: usize,
    pub title: &'static str,
    pub genre: Genre,
    pub days_ago: i64,
    pub description: &'static str,
}

pub const ALBUMS: [Album; 6] = [
    Album {
        artist: 0,
        title: "Night Drive",
        genre: Genre::Trap,
        days_ago: 110,
        description: "Six windows down, one song each. Made between midnight and four.",
    },
    Album {
        artist: 2,
        title: "Slow Weather",
        genre: Genre::LoFi,
        days_ago: 180,
        description: "A grey week, recorded onto a cassette deck with one good channel.",
    },
    Album {
        artist: 3,
        title: "Small Rooms",
        genre: Genre::House,
        days_ago: 150,
        description: "Four on the floor for floors of four.",
    },
    Album {
        artist: 1,
        title: "Kitchen Percussion",
        genre: Genre::Afrobeat,
        days_ago: 120,
        description: "Every hit is something you could cook with.",
    },
    Album {
        artist: 4,
        title: "Concrete Garden",
        genre: Genre::Drill,
        days_ago: 90,
        description: "Hard edges, and something growing in between.",
    },
    Album {
        artist: 7,
        title: "After the Call",
        genre: Genre::Soul,
        days_ago: 60,
        description: "What stays in the room when the phone is down.",
    },
];

pub struct Track {
    pub artist: usize,
    pub title: &'static str,
    pub genre: Genre,
    pub mood: &'static str,
    pub bpm: i64,
    pub key: &'static str,
    /// Between blanks.
    pub tags: &'static str,
    pub price_cents: i64,
    pub album: Option<usize>,
}

impl Track {
    /// What its artist says of it.
    pub fn about(&self) -> String {
        let (genre, mood) = (self.genre.name(), self.mood.to_lowercase());
        format!(
            "A {mood} {genre} beat in {} at {} bpm. Comes as one WAV file, ready to write to.",
            self.key, self.bpm
        )
    }
}

#[rustfmt::skip]
pub const TRACKS: [Track; 32] = [
    track(2, "Paper Umbrella", Genre::LoFi, "Calm", 78, "F major", "rain piano study", 1900, Some(1)),
    track(0, "Glass Elevator", Genre::Trap, "Dark", 142, "A minor", "bells 808 cinematic", 3500, Some(0)),
    track(3, "Doorframe", Genre::House, "Happy", 122, "C major", "piano club summer", 2400, Some(2)),
    track(4, "Cold Stairwell", Genre::Drill, "Dark", 140, "D minor", "slide 808 strings", 2900, Some(4)),
    track(1, "Mortar and Pestle", Genre::Afrobeat, "Energetic", 104, "G minor", "logdrum shaker dance", 2600, Some(3)),
    track(7, "Voicemail", Genre::Soul, "Romantic", 68, "E flat major", "keys slow vocal", 2800, Some(5)),
    track(2, "Tuesday Window", Genre::LoFi, "Calm", 82, "D major", "guitar tape study", 1900, Some(1)),
    track(0, "Night Drive", Genre::Trap, "Dark", 138, "E minor", "night synth 808", 4500, Some(0)),
    track(6, "Dust Jacket", Genre::LoFi, "Warm", 88, "B flat major", "vinyl chop boombap", 2100, None),
    track(5, "Northern Line", Genre::Drill, "Sad", 144, "F minor", "piano choir cold", 3000, None),
    track(3, "Kilowatt", Genre::House, "Energetic", 126, "A minor", "acid club peak", 2700, Some(2)),
    track(0, "Slow Motion", Genre::Soul, "Romantic", 72, "A flat major", "rhodes smooth late", 3900, None),
    track(1, "Copper Pan", Genre::Afrobeat, "Happy", 108, "D major", "highlife guitar sun", 2600, Some(3)),
    track(4, "Fire Escape", Genre::Drill, "Energetic", 142, "C minor", "slide brass street", 2900, Some(4)),
    track(7, "Second Pillow", Genre::Soul, "Sad", 64, "C minor", "ballad keys night", 2700, Some(5)),
    track(2, "Low Clouds", Genre::LoFi, "Sad", 74, "A minor", "rain felt sleep", 1900, Some(1)),
    track(0, "Neon Puddles", Genre::Trap, "Happy", 148, "G major", "flute bounce summer", 4200, Some(0)),
    track(5, "Snowblind", Genre::Trap, "Dark", 136, "B minor", "choir cold 808", 3100, None),
    track(3, "Coat Check", Genre::House, "Warm", 120, "E minor", "deep vinyl late", 2400, Some(2)),
    track(6, "Left Luggage", Genre::LoFi, "Warm", 90, "G minor", "chop brass boombap", 2200, None),
    track(1, "Salt and Smoke", Genre::Afrobeat, "Romantic", 98, "F minor", "amapiano logdrum night", 2800, Some(3)),
    track(0, "Cab Light", Genre::Trap, "Romantic", 130, "F sharp minor", "guitar night melodic", 4400, Some(0)),
    track(4, "Weeds", Genre::Drill, "Dark", 138, "G minor", "strings slide hard", 2900, Some(4)),
    track(7, "Hallway Light", Genre::Soul, "Calm", 70, "D flat major", "choir warm slow", 2900, Some(5)),
    track(6, "Soft Brass", Genre::Soul, "Happy", 92, "F major", "horns live groove", 2500, None),
    track(5, "Frost Line", Genre::House, "Sad", 118, "D minor", "melodic deep cold", 2600, None),
    track(1, "Market Day", Genre::Afrobeat, "Happy", 112, "A major", "brass dance sun", 2700, None),
    track(0, "Four in the Morning", Genre::Trap, "Sad", 132, "C sharp minor", "piano night 808", 4600, Some(0)),
    track(4, "Scaffold", Genre::Drill, "Energetic", 146, "E minor", "brass street hard", 3000, None),
    track(3, "Last Train Home", Genre::House, "Warm", 124, "B flat major", "piano vocal late", 2500, None),
    track(2, "Borrowed Blanket", Genre::LoFi, "Calm", 80, "E flat major", "felt guitar sleep", 2000, None),
    track(0, "Rearview", Genre::Trap, "Dark", 140, "D minor", "synth cinematic night", 4900, None),
];

#[expect(
    clippy::too_many_arguments,
    reason = "one line a track, as a table has it"
)]
const fn track(
    artist: usize,
    title: &'static str,
    genre: Genre,
    mood: &'static str,
    bpm: i64,
    key: &'static str,
    tags: &'static str,
    price_cents: i64,
    album: Option<usize>,
) -> Track {
    Track {
        artist,
        title,
        genre,
        mood,
        bpm,
        key,
        tags,
        price_cents,
        album,
    }
}
