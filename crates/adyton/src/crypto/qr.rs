//! A text as a QR code (ISO/IEC 18004), drawn as SVG the way Fortify draws it.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};
use thiserror::Error;

use super::secret::Secret;

/// Width and height of the picture, in CSS pixels. It has no margin: the page around it is white,
/// or gives it one.
const PIXELS: u32 = 192;

/// The colour of the modules.
const FOREGROUND: &str = "rgb(45,55,72)";

/// The text does not fit into the largest QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("too long for a QR code, which holds at most 2953 bytes")]
pub struct TooLong;

/// A picture of a text: one `<svg>` element, 192 pixels wide and high, without an XML declaration,
/// to be put into a page as it is.
///
/// The picture is as secret as the text. The text is in it as squares only, so nothing of it could
/// be read as markup.
///
/// # Errors
///
/// When the text is too long, which is from 2954 bytes on at the latest.
pub fn svg(text: &str) -> Result<Secret<String>, TooLong> {
    // Low, as Fortify's: it is read from a screen, not from a torn label. The encoder raises it
    // where that costs no space.
    let code = QrCode::encode_text(text, QrCodeEcc::Low).map_err(|_| TooLong)?;
    let size = code.size();
    // Sized for the worst case, every other module dark: a String that moved would leave a copy.
    let mut picture = String::with_capacity(512 + (size * size) as usize * 12);
    let _ = write!(
        picture,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{PIXELS}\" height=\"{PIXELS}\" \
         viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <rect width=\"{size}\" height=\"{size}\" fill=\"white\"/>\
         <path fill=\"{FOREGROUND}\" d=\""
    );
    for y in 0..size {
        draw_row(&code, y, &mut picture);
    }
    picture.push_str("\"/></svg>");
    Ok(Secret::new(picture))
}

/// Each run of dark modules in a row is one rectangle.
fn draw_row(code: &QrCode, y: i32, picture: &mut String) {
    let mut x = 0;
    while x < code.size() {
        let start = x;
        while code.get_module(x, y) {
            x += 1;
        }
        if x > start {
            let width = x - start;
            let _ = write!(picture, "M{start} {y}h{width}v1h-{width}z");
        }
        x += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "otpauth://totp/Laravel:taylor%40laravel.com?secret=ADUMJO5634NPDEKW\
                       &issuer=Laravel&algorithm=SHA1&digits=6&period=30";

    fn drawn(text: &str) -> String {
        svg(text).expect("it fits").expose().clone()
    }

    /// The text between the first such mark and the next one.
    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = text.split_once(start).expect(start);
        rest.split_once(end).expect(end).0
    }

    /// The picture's modules, read from its path alone.
    fn modules(picture: &str) -> Vec<Vec<bool>> {
        let size: usize = between(picture, "viewBox=\"0 0 ", " ")
            .parse()
            .expect("a number");
        let mut modules = vec![vec![false; size]; size];
        let path = between(picture, " d=\"", "\"");
        for run in path.split_terminator('z') {
            let numbers: Vec<usize> = run
                .split(|letter: char| !letter.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            let [x, y, width, 1, back] = numbers[..] else {
                panic!("no rectangle: {run}")
            };
            assert_eq!(run, format!("M{x} {y}h{width}v1h-{back}"));
            assert_eq!(width, back);
            for module in &mut modules[y][x..x + width] {
                assert!(!*module, "drawn twice");
                *module = true;
            }
        }
        modules
    }

    /// Reads a code of version 2 to 6 at the lowest level of correction and without errors, by the
    /// standard and not by the encoder: format, mask, the zigzag, the blocks, the bytes.
    fn read(modules: &[Vec<bool>]) -> String {
        let format = (0..5).fold(0, |bits, x| bits << 1 | u8::from(modules[8][x])) ^ 0b10101;
        assert_eq!(format >> 3, 0b01, "the lowest level");
        let bits = zigzag(modules, format & 0b111);
        let words: Vec<usize> = bits.chunks_exact(8).map(number).collect();
        // Version 6 deals its bytes out to two blocks of 68 in turn; the smaller ones have one.
        let data: Vec<usize> = match modules.len() {
            41 => (0..136).map(|at| words[at % 68 * 2 + at / 68]).collect(),
            _ => words,
        };
        let bits: Vec<bool> = data
            .iter()
            .flat_map(|word| (0..8).rev().map(move |bit| word >> bit & 1 == 1))
            .collect();
        assert_eq!(number(&bits[..4]), 0b0100, "in bytes");
        let length = number(&bits[4..12]);
        let text = bits[12..12 + 8 * length].chunks_exact(8).map(number);
        String::from_utf8(text.map(|byte| byte as u8).collect()).expect("UTF-8")
    }

    fn number(bits: &[bool]) -> usize {
        bits.iter().fold(0, |sum, bit| sum << 1 | usize::from(*bit))
    }

    /// The bits in their order, from the lower right in columns of two, without their mask.
    fn zigzag(modules: &[Vec<bool>], mask: u8) -> Vec<bool> {
        let size = modules.len();
        let mut bits = Vec::new();
        let columns = (1..size).rev().filter(|x| (x % 2 == 0) == (*x > 6));
        for (index, right) in columns.enumerate() {
            for step in 0..size {
                let y = if index % 2 == 0 {
                    size - 1 - step
                } else {
                    step
                };
                for x in [right, right - 1] {
                    if !is_pattern(x, y, size) {
                        bits.push(modules[y][x] ^ is_flipped(x, y, mask));
                    }
                }
            }
        }
        bits
    }

    /// Whether the module says nothing of the text: finders, timing, alignment, format.
    fn is_pattern(x: usize, y: usize, size: usize) -> bool {
        let is_near_corner = (x < 9 && (y < 9 || y >= size - 8)) || (x >= size - 8 && y < 9);
        let alignment = size - 9..size - 4;
        is_near_corner || x == 6 || y == 6 || (alignment.contains(&x) && alignment.contains(&y))
    }

    fn is_flipped(x: usize, y: usize, mask: u8) -> bool {
        let remainder = match mask {
            0 => (x + y) % 2,
            1 => y % 2,
            2 => x % 3,
            3 => (x + y) % 3,
            4 => (x / 3 + y / 2) % 2,
            5 => x * y % 2 + x * y % 3,
            6 => (x * y % 2 + x * y % 3) % 2,
            _ => ((x + y) % 2 + x * y % 3) % 2,
        };
        remainder == 0
    }

    #[test]
    fn a_reader_of_the_picture_finds_the_text() {
        assert_eq!(read(&modules(&drawn(URL))), URL);
        let smaller =
            "otpauth://totp/A:b?secret=ADUMJO5634NPDEKW&issuer=A&algorithm=SHA1&digits=6&period=30";
        assert_eq!(read(&modules(&drawn(smaller))), smaller);
        let markup = "</svg><script>alert(\"1\")</script>&amp;\u{e9}]]>\0 padded to that level";
        assert_eq!(read(&modules(&drawn(markup))), markup);
    }

    #[test]
    fn the_picture_has_the_three_finder_patterns() {
        let finder = [
            "#######", "#     #", "# ### #", "# ### #", "# ### #", "#     #", "#######",
        ];
        for text in ["", "a", URL, &"long".repeat(700)] {
            let modules = modules(&drawn(text));
            let size = modules.len();
            assert_eq!(size % 4, 1, "21, 25, … 177 modules");
            for (left, top) in [(0, 0), (size - 7, 0), (0, size - 7)] {
                for (y, row) in finder.iter().enumerate() {
                    for (x, mark) in row.bytes().enumerate() {
                        assert_eq!(modules[top + y][left + x], mark == b'#', "{x} {y}");
                    }
                }
            }
        }
    }

    #[test]
    fn the_picture_is_drawn_as_fortify_does() {
        let picture = drawn(URL);
        assert!(
            picture.starts_with(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"192\" height=\"192\" \
                 viewBox=\"0 0 41 41\" shape-rendering=\"crispEdges\">\
                 <rect width=\"41\" height=\"41\" fill=\"white\"/>\
                 <path fill=\"rgb(45,55,72)\" d=\"M0 0h7v1h-7z"
            ),
            "{picture}"
        );
        assert!(picture.ends_with("z\"/></svg>"));
        assert_eq!(picture.matches('<').count(), 4);
        assert_eq!(picture.matches('>').count(), 4);
        assert_eq!(picture.matches('"').count() % 2, 0);
        assert!(!picture.contains("<?xml"));
    }

    #[test]
    fn nothing_of_the_text_is_in_the_picture_but_its_squares() {
        for text in [URL, "<script>", "\"><b>", "&", "ADUMJO5634NPDEKW"] {
            let picture = drawn(text);
            let path = between(&picture, " d=\"", "\"");
            assert!(path.bytes().all(|byte| b"Mhvz- 0123456789".contains(&byte)));
            assert!(!picture.replacen(path, "", 1).contains(text), "{text}");
        }
    }

    #[test]
    fn a_text_that_does_not_fit_is_refused() {
        assert!(svg(&"x".repeat(2953)).is_ok());
        assert_eq!(svg(&"x".repeat(2954)).expect_err("too long"), TooLong);
        assert_eq!(svg(&"x".repeat(1_000_000)).expect_err("too long"), TooLong);
    }
}
