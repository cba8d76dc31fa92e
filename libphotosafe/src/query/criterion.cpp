// SPDX-License-Identifier: LGPL-2.1-or-later
#include "query/criterion.hpp"

#include "archive/phone_store.hpp"
#include "query/facts.hpp"
#include "query/node.hpp"
#include "query/operations.hpp"
#include "query/traits.hpp"
#include "query/words.hpp"

namespace photosafe {

namespace {

class Builder {
public:
    Builder(const Query::Node& node, const SearchContext& context) : node_{node}, context_{context} {}

    CriterionPtr operator()(const Everything&) const { return everything(); }
    CriterionPtr operator()(const Not&) const { return negation_of(std::move(children().front())); }
    CriterionPtr operator()(const And&) const { return all_of(children()); }
    CriterionPtr operator()(const Or&) const { return any_of(children()); }
    CriterionPtr operator()(const AnyText& text) const { return has_text(text, context_); }
    CriterionPtr operator()(const FieldText& text) const
    {
        if (text.field == TextField::album) require_library("albums");
        return has_text(text, context_);
    }
    CriterionPtr operator()(const Amount& amount) const { return has_amount(amount, context_); }
    CriterionPtr operator()(const Days& days) const
    {
        return days.field == DayField::taken ? taken_within(days, context_) : imported_within(days, context_);
    }
    CriterionPtr operator()(const LastDays& days) const { return (*this)(days_of(days, context_.today)); }
    CriterionPtr operator()(const OneDay& day) const { return (*this)(days_of(day, context_.today)); }
    CriterionPtr operator()(const Near& near) const { return is_near(near, context_); }
    CriterionPtr operator()(const Box& box) const { return is_in(box, context_); }
    CriterionPtr operator()(const Flag& flag) const
    {
        const bool favorite = flag.field == FlagField::favorite;
        require_library(favorite ? "favorites" : "hidden pictures");
        auto marked = has_trait(context_.sql, trait(favorite ? HasFact::favorite : HasFact::hidden));
        return flag.yes ? std::move(marked) : negation_of(std::move(marked));
    }
    /// A kind, a fact, a state.
    template <class Enumeration>
    CriterionPtr operator()(Enumeration value) const requires std::is_enum_v<Enumeration>
    {
        return has_trait(context_.sql, trait(value));
    }

private:
    std::vector<CriterionPtr> children() const
    {
        std::vector<CriterionPtr> made;
        for (const Query::Node& child : node_.children) made.push_back(criterion_of(child, context_));
        return made;
    }
    /// Nothing found would say that there is none; but nobody has looked.
    void require_library(const char* what) const
    {
        if (PhoneStore{context_.db}.any()) return;
        throw QueryError{node_.offset, node_.column,
                         std::string{"the catalog knows nothing of "} + what +
                             " yet; they are in the phone's own library, which no import has read"};
    }

    const Query::Node& node_;
    const SearchContext& context_;
};

} // namespace

CriterionPtr criterion_of(const Query::Node& node, const SearchContext& context)
{
    return std::visit(Builder{node, context}, node.what);
}

} // namespace photosafe
