// app/deploy/rotate-database-url with a gcloud that is none: what the secret held, what it holds, what was
// seen.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "child_process.hpp"
#include "temporary_folder.hpp"

/// One secret "db" with version 7, and a PATH in which gcloud and prompt-service are the recording stand-in.
class rotation
{
public:
    explicit rotation(std::string const& url)
    {
        folder_.write("versions/7", url);
        std::filesystem::create_directory(folder_.path() / "bin");
        for (auto const* name : {"gcloud", "prompt-service"})
            std::filesystem::create_symlink(GCLOUD_STAND_IN, folder_.path() / "bin" / name);
    }

    /// What goes wrong: gcloud_stand_in.bash knows the words.
    rotation& failing(std::string const& what)
    {
        variables_["STAND_IN_FAILS"] = what;
        return *this;
    }
    rotation& with(std::string const& variable, std::string const& value)
    {
        variables_[variable] = value;
        return *this;
    }

    [[nodiscard]] support::environment variables() const
    {
        auto all = variables_;
        all["STAND_IN"] = folder_.path().string();
        all["REAL_PROGRAM"] = PROMPT_SERVICE_PROGRAM;
        all["PATH"] = (folder_.path() / "bin").string() + ":/usr/local/bin:/usr/bin:/bin";
        return all;
    }

    support::finished run(std::vector<std::string> options)
    {
        options.insert(options.begin(), {ROTATE_SCRIPT, "db"});
        return run_bash(options);
    }
    /// bash with these arguments: its own options, the script, the script's.
    support::finished run_bash(std::vector<std::string> const& arguments)
    {
        auto done = support::run_program("/bin/bash", arguments, variables());
        shown_ = done.out + done.err;
        return done;
    }

    /// "" if there is no such version.
    [[nodiscard]] std::string version(int number) const
    {
        return support::content_of(folder_.path() / "versions" / std::to_string(number));
    }
    [[nodiscard]] bool nothing_added() const { return version(8).empty(); }
    [[nodiscard]] std::string calls() const { return support::content_of(folder_.path() / "calls"); }
    [[nodiscard]] support::temporary_folder const& folder() const { return folder_; }

    /// stdout and stderr of the last run, and everything that another process could have seen.
    [[nodiscard]] std::string seen() const
    {
        return shown_ + support::content_of(folder_.path() / "seen") + calls();
    }

private:
    support::temporary_folder folder_{"rotate"};
    support::environment variables_;
    std::string shown_;
};
