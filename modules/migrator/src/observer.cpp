#include "schemagate/observer.hpp"

namespace schemagate {
namespace {

class pair_of_observers final : public observer
{
public:
    pair_of_observers(std::shared_ptr<observer> first, std::shared_ptr<observer> second)
        : first_{std::move(first)}, second_{std::move(second)}
    {}

    void on_event(event const& e) noexcept override
    {
        first_->on_event(e);
        second_->on_event(e);
    }

private:
    std::shared_ptr<observer> first_;
    std::shared_ptr<observer> second_;
};

} // namespace

std::shared_ptr<observer> both(std::shared_ptr<observer> first, std::shared_ptr<observer> second)
{
    if (!first) {
        return second;
    }
    if (!second) {
        return first;
    }
    return std::make_shared<pair_of_observers>(std::move(first), std::move(second));
}

} // namespace schemagate
