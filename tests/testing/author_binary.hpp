// author_tests as a program, and its output.
#pragma once

#include <string>

#include "child_process.hpp"

/// Catch2 breaks lines at 80 columns; here every run of white space is one blank.
inline std::string unwrapped(std::string const& text)
{
    std::string result;
    for (char const c : text) {
        bool const blank = c == ' ' || c == '\n';
        if (!blank || (!result.empty() && result.back() != ' ')) {
            result += blank ? ' ' : c;
        }
    }
    return result;
}

inline support::finished author_tests(std::string const& selection, support::environment const& with)
{
    return support::run_program(AUTHOR_TESTS_PROGRAM, {selection}, with);
}
