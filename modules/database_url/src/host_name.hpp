// Whether a host's name can exist (RFC 952, RFC 1123, RFC 1035 2.3.4), and what it looks like.
#pragma once

#include <string_view>

namespace schemagate::url {

enum class name_fault
{
    none,
    empty_label,   ///< "a..b", ".a"
    foreign_byte,  ///< "*.example.com": punctuation that no name has
    hyphen_first,  ///< "-a"
    too_long,      ///< a label over 63 bytes, or more than 253 in all
    no_address,    ///< "256.1.1.1": digits and dots, but no address that any resolver takes
    no_name,       ///< "None", "undefined", "https": what a program writes where it has no value
    look_alike,    ///< letters of another script that look like Latin ones, beside Latin letters
    not_ascii,     ///< other letters: DNS is asked for these bytes, not for their xn-- form
    short_address, ///< "10.0.3", "0", "0x7f.1": inet_aton(3) makes an address of it
};

/// Of a name, not of a numeric address in full.
[[nodiscard]] name_fault fault_of_name(std::string_view host);

} // namespace schemagate::url
