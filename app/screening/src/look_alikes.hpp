// Which characters are read as another one.
#pragma once

#include <unicode/umachine.h>

namespace app {

/// The ASCII letter that a letter of Cyrillic or Greek (and three of the IPA) looks like, or the character
/// itself. From the confusables of Unicode (UTS #39), with the small letters that stand in for one in
/// homoglyph attacks.
UChar32 without_look_alike(UChar32 character) noexcept;

/// '-' for a hyphen, dash or minus sign, a space for a mark that stands before a number and is not part of it
/// (№, ℡, ℻) or that only looks like a space; else the character itself. Before NFKC, which makes letters of
/// № and ℡.
UChar32 without_variant(UChar32 character) noexcept;

} // namespace app
