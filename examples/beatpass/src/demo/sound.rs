//! A few bars of each track: drums, bass, chords and a melody, by its tempo, key and genre.
//!
//! Each hit and each note is made once and then laid down where it is played, which is quick also
//! without optimisation.

use super::dice::Dice;
use super::listing::{Genre, Track};

const RATE: usize = 22_050;

/// A track goes on for whole bars until it has this many seconds.
const SECONDS: usize = 12;

/// Steps of a bar.
const STEPS: usize = 16;

/// What a genre plays in a bar: `x` is a hit.
struct Pattern {
    kick: &'static [u8; STEPS],
    snare: &'static [u8; STEPS],
    hat: &'static [u8; STEPS],
    bass: &'static [u8; STEPS],
    /// How bright the chords are, of 100.
    brightness: i32,
}

#[rustfmt::skip]
fn pattern(genre: Genre) -> Pattern {
    let (kick, snare, hat, bass, brightness) = match genre {
        Genre::Trap => (b"x.....x...x.....", b"........x.......", b"x.x.x.xxx.x.xxx.", b"x.....x...x.....", 22),
        Genre::LoFi => (b"x......xx.......", b"....x.......x...", b"x.x.x.x.x.x.x.x.", b"x.......x...x...", 9),
        Genre::Drill => (b"x.....x...x..x..", b"......x.......x.", b"x..x..x.x..x..x.", b"x..x......x...x.", 16),
        Genre::House => (b"x...x...x...x...", b"....x.......x...", b"..x...x...x...x.", b"..xx..x...xx..x.", 30),
        Genre::Afrobeat => (b"x...x...x...x...", b"...x..x....x..x.", b"x.xxx.xxx.xxx.xx", b"...x..x....x..x.", 26),
        Genre::Soul => (b"x.........x.....", b"....x.......x...", b"x.x.x.x.x.xxx.x.", b"x.....x...x.....", 12),
    };
    Pattern { kick, snare, hat, bass, brightness }
}

/// A WAV file, and how many seconds it has.
pub fn played(track: &Track) -> (Vec<u8>, i64) {
    let mut dice = Dice::of(track.title);
    let step = RATE * 60 / (track.bpm as usize * 4);
    let bar = step * STEPS;
    let bars = (RATE * SECONDS).div_ceil(bar);
    let mut song = vec![0_i32; bar * bars];
    let (root, is_minor) = key(track.key);
    let chords = progression(is_minor, &mut dice);
    let band = Band {
        pattern: pattern(track.genre),
        step,
        scale: if is_minor {
            [0, 3, 5, 7, 10]
        } else {
            [0, 2, 4, 7, 9]
        },
        melody: std::array::from_fn(|_| dice.below(14) as usize),
        drums: Drums::new(&mut dice),
    };
    for at in 0..bars {
        let (above, is_minor) = chords[at % chords.len()];
        let rest = &mut song[at * bar..];
        band.hold_chord(rest, root + above, is_minor);
        band.play_bar(rest, root + above, at + 1 == bars);
        band.play_melody(rest, root + 60 + 12 * (at as i32 % 2));
    }
    (wav(&song), ((song.len() + RATE / 2) / RATE) as i64)
}

/// Who plays a track, from the beginning of a bar on.
struct Band {
    pattern: Pattern,
    step: usize,
    scale: [i32; 5],
    /// For each step a degree of the scale, or silence.
    melody: [usize; STEPS],
    drums: Drums,
}

impl Band {
    fn hold_chord(&self, song: &mut [i32], root: i32, is_minor: bool) {
        let third = if is_minor { 3 } else { 4 };
        for interval in [0, third, 7] {
            let note = root + interval + 48;
            let length = self.step * STEPS;
            lay(song, 0, &pad(note, length, self.pattern.brightness));
        }
    }

    fn play_bar(&self, song: &mut [i32], root: i32, is_last: bool) {
        let bass = tone(root + 24, self.step * 3, 9_000);
        for (line, sound) in [
            (self.pattern.kick, &self.drums.kick),
            (self.pattern.snare, &self.drums.snare),
            (self.pattern.hat, &self.drums.hat),
            (self.pattern.bass, &bass),
        ] {
            // The last bar ends early, so that it can begin anew.
            let places = if is_last { 13 } else { STEPS };
            for place in (0..places).filter(|place| line[*place] == b'x') {
                lay(song, place * self.step, sound);
            }
        }
    }

    fn play_melody(&self, song: &mut [i32], root: i32) {
        for (place, degree) in self.melody.iter().enumerate() {
            if let Some(above) = self.scale.get(*degree) {
                let note = tone(root + above, self.step * 2, 3_200);
                lay(song, place * self.step, &note);
            }
        }
    }
}

/// The semitone above C, and whether it is a minor key.
fn key(name: &str) -> (i32, bool) {
    let root = match name.bytes().next() {
        Some(b'D') => 2,
        Some(b'E') => 4,
        Some(b'F') => 5,
        Some(b'G') => 7,
        Some(b'A') => 9,
        Some(b'B') => 11,
        _ => 0,
    };
    let shift = i32::from(name.contains("sharp")) - i32::from(name.contains("flat"));
    (root + shift, name.ends_with("minor"))
}

/// Four chords: steps above the root, and whether each is minor.
fn progression(is_minor: bool, dice: &mut Dice) -> [(i32, bool); 4] {
    match is_minor {
        true => dice.pick(&[
            [(0, true), (-4, false), (3, false), (-2, false)],
            [(0, true), (5, true), (-4, false), (-5, true)],
            [(0, true), (3, false), (-2, false), (-4, false)],
        ]),
        false => dice.pick(&[
            [(0, false), (-3, true), (5, false), (-5, false)],
            [(0, false), (4, true), (-3, true), (5, false)],
            [(0, false), (-5, false), (-3, true), (5, false)],
        ]),
    }
}

struct Drums {
    kick: Vec<i32>,
    snare: Vec<i32>,
    hat: Vec<i32>,
}

impl Drums {
    fn new(dice: &mut Dice) -> Self {
        let mut noise = |length: usize, loud: i32| -> Vec<i32> {
            let fading = (0..length).map(|at| fade(loud, at, length));
            fading
                .map(|loud| (dice.below(2_001) as i32 - 1_000) * loud / 1_000)
                .collect()
        };
        let (mut snare, hat) = (noise(RATE / 7, 7_000), noise(RATE / 28, 2_600));
        let body = tone(55, RATE / 9, 5_000);
        snare
            .iter_mut()
            .zip(body)
            .for_each(|(one, other)| *one += other);
        // A kick falls from 130 Hz to 45 Hz.
        let (length, mut phase) = (RATE / 4, 0.0_f32);
        let kick = (0..length).map(|at| {
            let falling = 1.0 - at as f32 / length as f32;
            phase += (45.0 + 85.0 * falling * falling * falling) / RATE as f32;
            (wave(phase) * fade(13_000, at, length) as f32) as i32
        });
        Self {
            kick: kick.collect(),
            snare,
            hat,
        }
    }
}

/// A note of a soft wave that fades.
fn tone(note: i32, length: usize, loud: i32) -> Vec<i32> {
    let pace = frequency(note) / RATE as f32;
    let sample = |at: usize| wave(at as f32 * pace) * fade(loud, at, length) as f32;
    (0..length).map(|at| sample(at) as i32).collect()
}

/// A held note: two saws a little apart, darkened.
fn pad(note: i32, length: usize, brightness: i32) -> Vec<i32> {
    let pace = frequency(note) / RATE as f32;
    let saw = |phase: f32| (phase - phase.floor()) * 2.0 - 1.0;
    let mut dark = 0.0_f32;
    let open = brightness as f32 / 100.0;
    let edge = RATE / 50;
    (0..length)
        .map(|at| {
            let phase = at as f32 * pace;
            dark += (saw(phase) + saw(phase * 1.006) - dark) * open;
            let rim = at.min(length - at).min(edge) as f32 / edge as f32;
            (dark * rim * 1_500.0) as i32
        })
        .collect()
}

fn frequency(note: i32) -> f32 {
    440.0 * ((note - 69) as f32 / 12.0).exp2()
}

/// Close to a sine, of two parabolas: one multiplication in place of a long series.
fn wave(phase: f32) -> f32 {
    let x = (phase - phase.floor()) * 2.0 - 1.0;
    4.0 * x * (1.0 - x.abs())
}

/// Loudness that sinks to nothing, with a short rim at the beginning that does not click.
fn fade(loud: i32, at: usize, length: usize) -> i32 {
    let left = (length - at) as i32;
    let sinking = loud * left / length as i32 * left / length as i32;
    match at {
        0..64 => sinking * at as i32 / 64,
        _ => sinking,
    }
}

fn lay(song: &mut [i32], at: usize, sound: &[i32]) {
    let places = song.get_mut(at..).unwrap_or_default();
    places
        .iter_mut()
        .zip(sound)
        .for_each(|(place, sample)| *place += sample);
}

/// Mono, 16 bits a sample.
fn wav(song: &[i32]) -> Vec<u8> {
    let size = (song.len() * 2) as u32;
    let mut file = Vec::with_capacity(song.len() * 2 + 44);
    file.extend(b"RIFF");
    file.extend((size + 36).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend((RATE as u32).to_le_bytes());
    file.extend((RATE as u32 * 2).to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend(size.to_le_bytes());
    for sample in song {
        // Loud places are bent, not cut.
        let bent = match sample.abs() {
            soft @ 0..20_000 => soft,
            loud => 20_000 + (loud - 20_000) / 3,
        };
        let sample = (bent.min(32_000) * sample.signum()) as i16;
        file.extend(sample.to_le_bytes());
    }
    file
}
