#include "look_alikes.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace app {

namespace {

struct look_alike
{
    char16_t letter;
    char latin;
};

// Sorted by code point.
constexpr look_alike table[] = {
    {0x0131, 'i'}, // ı
    {0x0251, 'a'}, // ɑ
    {0x0261, 'g'}, // ɡ
    {0x037F, 'J'}, // Ϳ
    {0x0391, 'A'}, // Α
    {0x0392, 'B'}, // Β
    {0x0395, 'E'}, // Ε
    {0x0396, 'Z'}, // Ζ
    {0x0397, 'H'}, // Η
    {0x0399, 'I'}, // Ι
    {0x039A, 'K'}, // Κ
    {0x039C, 'M'}, // Μ
    {0x039D, 'N'}, // Ν
    {0x039F, 'O'}, // Ο
    {0x03A1, 'P'}, // Ρ
    {0x03A4, 'T'}, // Τ
    {0x03A5, 'Y'}, // Υ
    {0x03A7, 'X'}, // Χ
    {0x03B1, 'a'}, // α
    {0x03B3, 'y'}, // γ
    {0x03B5, 'e'}, // ε
    {0x03B7, 'n'}, // η
    {0x03B9, 'i'}, // ι
    {0x03BA, 'k'}, // κ
    {0x03BD, 'v'}, // ν
    {0x03BF, 'o'}, // ο
    {0x03C1, 'p'}, // ρ
    {0x03C2, 'c'}, // ς, which NFKC makes of the lunate ϲ
    {0x03C3, 'o'}, // σ
    {0x03C4, 't'}, // τ
    {0x03C5, 'u'}, // υ
    {0x03C7, 'x'}, // χ
    {0x03C9, 'w'}, // ω
    {0x03DC, 'F'}, // Ϝ
    {0x03F3, 'j'}, // ϳ
    {0x03F9, 'C'}, // Ϲ
    {0x03FA, 'M'}, // Ϻ
    {0x0405, 'S'}, // Ѕ
    {0x0406, 'I'}, // І
    {0x0408, 'J'}, // Ј
    {0x0410, 'A'}, // А
    {0x0412, 'B'}, // В
    {0x0415, 'E'}, // Е
    {0x041A, 'K'}, // К
    {0x041C, 'M'}, // М
    {0x041D, 'H'}, // Н
    {0x041E, 'O'}, // О
    {0x0420, 'P'}, // Р
    {0x0421, 'C'}, // С
    {0x0422, 'T'}, // Т
    {0x0423, 'Y'}, // У
    {0x0425, 'X'}, // Х
    {0x042C, 'b'}, // Ь
    {0x0430, 'a'}, // а
    {0x0432, 'b'}, // в
    {0x0433, 'r'}, // г
    {0x0435, 'e'}, // е
    {0x043A, 'k'}, // к
    {0x043C, 'm'}, // м
    {0x043D, 'h'}, // н
    {0x043E, 'o'}, // о
    {0x043F, 'n'}, // п
    {0x0440, 'p'}, // р
    {0x0441, 'c'}, // с
    {0x0442, 't'}, // т
    {0x0443, 'y'}, // у
    {0x0445, 'x'}, // х
    {0x044C, 'b'}, // ь
    {0x0455, 's'}, // ѕ
    {0x0456, 'i'}, // і
    {0x0458, 'j'}, // ј
    {0x0461, 'w'}, // ѡ
    {0x0474, 'V'}, // Ѵ
    {0x0475, 'v'}, // ѵ
    {0x04AE, 'Y'}, // Ү
    {0x04AF, 'y'}, // ү
    {0x04BB, 'h'}, // һ
    {0x04BD, 'e'}, // ҽ
    {0x04C0, 'l'}, // Ӏ
    {0x04CF, 'l'}, // ӏ
    {0x0501, 'd'}, // ԁ
    {0x050C, 'G'}, // Ԍ
    {0x051A, 'Q'}, // Ԛ
    {0x051B, 'q'}, // ԛ
    {0x051C, 'W'}, // Ԝ
    {0x051D, 'w'}, // ԝ
};
static_assert(std::is_sorted(std::begin(table), std::end(table),
                             [](look_alike a, look_alike b) { return a.letter < b.letter; }));

} // namespace

UChar32 without_look_alike(UChar32 character) noexcept
{
    if (character < table[0].letter || character > std::rbegin(table)->letter) {
        return character;
    }
    auto const* const found =
        std::lower_bound(std::begin(table), std::end(table), character,
                         [](look_alike one, UChar32 wanted) { return UChar32{one.letter} < wanted; });
    return found->letter == character ? found->latin : character;
}

UChar32 without_variant(UChar32 character) noexcept
{
    switch (character) {
    case 0x058A: // ֊ Armenian hyphen
    case 0x05BE: // ־ maqaf
    case 0x2010: // ‐ hyphen
    case 0x2011: // ‑ non-breaking hyphen
    case 0x2012: // ‒ figure dash
    case 0x2013: // – en dash
    case 0x2014: // — em dash
    case 0x2015: // ― horizontal bar
    case 0x2043: // ⁃ hyphen bullet
    case 0x207B: // ⁻ superscript minus
    case 0x208B: // ₋ subscript minus
    case 0x2212: // − minus sign
    case 0xFE31: // ︱ vertical em dash
    case 0xFE32: // ︲ vertical en dash
    case 0xFE58: // ﹘ small em dash
        return '-';
    case 0x2116: // № numero sign
    case 0x2121: // ℡ telephone sign
    case 0x213B: // ℻ facsimile sign
    case 0x2800: // ⠀ empty Braille cell
        return ' ';
    default: return character;
    }
}

} // namespace app
