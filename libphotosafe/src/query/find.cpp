// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits>

#include "core/text.hpp"
#include "core/time.hpp"
#include "query/read_found.hpp"
#include "query/walk.hpp"

namespace photosafe {

namespace {

/// While it lives, all that is read is of one moment.
class Moment {
public:
    explicit Moment(Database& db) : db_{&db}, mine_{!db.in_transaction()}
    {
        if (mine_) db.run("BEGIN");
    }
    Moment(const Moment&) = delete;
    Moment& operator=(const Moment&) = delete;
    ~Moment()
    {
        try {
            if (mine_) db_->run("COMMIT"); // of nothing; where it fails, the next BEGIN tells
        } catch (const ArchiveError&) {
            return;
        }
    }

private:
    Database* db_;
    bool mine_;
};

/// One search: its statements, and the criterion that has them.
struct Search {
    Search(Database& db, const Query& query, FindOrder order)
        : sql{db}, context{db, sql, order, local_day(wall_now())}, criterion{
                                                                       criterion_of(query.root(), context)}
    {
    }
    Statements sql;
    SearchContext context;
    CriterionPtr criterion;
};

} // namespace

void find(const Archive& archive, const Query& query, const FindOptions& options,
          const std::function<bool(const Found&)>& visit)
{
    std::optional<OrderKey> after;
    if (!options.after.empty()) {
        after = OrderKey::read(options.after);
        if (!after)
            throw ArchiveError{ErrorCode::invalid,
                               "`" + printable(options.after) + "` is no key of what was found"};
    }
    Catalog& catalog = archive.impl().catalog;
    const Moment moment{catalog.database()};
    Search search{catalog.database(), query, options.order};
    Walk walk{search.context, *search.criterion, options.unit, after};
    FoundReader reader{catalog, search.sql};
    std::size_t left = options.limit.value_or(std::numeric_limits<std::size_t>::max());
    if (left == 0) return;
    walk.run(
        [&](std::int64_t, OrderKey key) { return visit(reader.read(key, options.places)) && --left > 0; });
}

std::uint64_t count(const Archive& archive, const Query& query, FindUnit unit)
{
    Database& db = archive.impl().catalog.database();
    const Moment moment{db};
    Search search{db, query, FindOrder::newest_first};
    return Walk{search.context, *search.criterion, unit, std::nullopt}.count();
}

} // namespace photosafe
