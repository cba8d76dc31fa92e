// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/operations.hpp"

#include <algorithm>
#include <utility>

namespace photosafe {

namespace {

double work_of(const std::vector<CriterionPtr>& criteria)
{
    double work = 0;
    for (const CriterionPtr& one : criteria) work += one->work();
    return work;
}

void sort_by_work(std::vector<CriterionPtr>& criteria)
{
    std::ranges::stable_sort(criteria, {}, [](const CriterionPtr& one) { return one->work(); });
}

class EverythingCriterion final : public Criterion {
public:
    SlotSet among(const SlotSet& candidates, const Window&) override { return candidates; }
    double work() const override { return 0; }
};

class NegationCriterion final : public Criterion {
public:
    explicit NegationCriterion(CriterionPtr criterion) : criterion_{std::move(criterion)} {}
    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        SlotSet rest = candidates;
        rest -= criterion_->among(candidates, window);
        return rest;
    }
    double work() const override { return criterion_->work(); }

private:
    CriterionPtr criterion_;
};

class AllCriterion final : public Criterion {
public:
    explicit AllCriterion(std::vector<CriterionPtr> criteria) : criteria_{std::move(criteria)}
    {
        sort_by_work(criteria_);
    }
    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        return narrowed(candidates, window, &Criterion::among);
    }
    SlotSet perhaps(const SlotSet& candidates, const Window& window) override
    {
        return narrowed(candidates, window, &Criterion::perhaps);
    }
    bool meets(std::int64_t slot) override
    {
        return std::ranges::all_of(criteria_, [&](const CriterionPtr& one) { return one->meets(slot); });
    }
    double work() const override { return work_of(criteria_); }
    TimeSpan times() const override
    {
        TimeSpan span;
        for (const CriterionPtr& one : criteria_) {
            span.from = std::max(span.from, one->times().from);
            span.to = std::min(span.to, one->times().to);
        }
        return span;
    }

private:
    SlotSet narrowed(const SlotSet& candidates, const Window& window,
                     SlotSet (Criterion::*by)(const SlotSet&, const Window&)) const
    {
        SlotSet rest = candidates;
        for (const CriterionPtr& one : criteria_) {
            if (rest.empty()) break;
            rest = ((*one).*by)(rest, window);
        }
        return rest;
    }

    std::vector<CriterionPtr> criteria_;
};

class AnyCriterion final : public Criterion {
public:
    explicit AnyCriterion(std::vector<CriterionPtr> criteria) : criteria_{std::move(criteria)}
    {
        sort_by_work(criteria_);
    }
    SlotSet among(const SlotSet& candidates, const Window& window) override
    {
        SlotSet found{window}, rest = candidates;
        for (const CriterionPtr& one : criteria_) {
            if (rest.empty()) break;
            const SlotSet more = one->among(rest, window);
            found |= more;
            rest -= more;
        }
        return found;
    }
    double work() const override { return work_of(criteria_); }
    TimeSpan times() const override
    {
        if (criteria_.empty()) return {};
        TimeSpan span = criteria_.front()->times();
        for (const CriterionPtr& one : criteria_) {
            span.from = std::min(span.from, one->times().from);
            span.to = std::max(span.to, one->times().to);
        }
        return span;
    }

private:
    std::vector<CriterionPtr> criteria_;
};

} // namespace

CriterionPtr everything() { return std::make_unique<EverythingCriterion>(); }

CriterionPtr negation_of(CriterionPtr criterion)
{
    return std::make_unique<NegationCriterion>(std::move(criterion));
}

CriterionPtr all_of(std::vector<CriterionPtr> criteria)
{
    return std::make_unique<AllCriterion>(std::move(criteria));
}

CriterionPtr any_of(std::vector<CriterionPtr> criteria)
{
    return std::make_unique<AnyCriterion>(std::move(criteria));
}

} // namespace photosafe
