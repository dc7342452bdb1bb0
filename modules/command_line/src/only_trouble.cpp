#include "commands.hpp"

namespace schemagate {
namespace {

class trouble_filter final : public observer
{
public:
    explicit trouble_filter(std::shared_ptr<observer> to) : to_{std::move(to)} {}

    void on_event(event const& e) noexcept override
    {
        if (e.outcome != outcome::started && e.outcome != outcome::done) {
            to_->on_event(e);
        }
    }

private:
    std::shared_ptr<observer> to_;
};

} // namespace

std::shared_ptr<observer> only_trouble(std::shared_ptr<observer> to)
{
    return to ? std::make_shared<trouble_filter>(std::move(to)) : nullptr;
}

} // namespace schemagate
