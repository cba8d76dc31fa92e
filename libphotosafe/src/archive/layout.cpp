// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include <photosafe/error.hpp>

#include "archive/naming.hpp"
#include "core/text.hpp"

namespace photosafe {

namespace {

constexpr std::size_t longest_component =
    120;                                // bytes; leaves room for a digest, a qualifier and an extension
constexpr std::size_t least_share = 24; // of it, for each text from outside
constexpr std::size_t longest_template = 1000;
constexpr std::size_t most_components = 16;

std::string number(int value, int digits)
{
    std::array<char, 16> text{};
    (void)std::snprintf(text.data(), text.size(), "%0*d", digits, value);
    return text.data();
}

int day_of_year(const LayoutTime& time)
{
    using namespace std::chrono;
    const year_month_day date{year{time.year}, month{static_cast<unsigned>(time.month)},
                              day{static_cast<unsigned>(time.day)}};
    return static_cast<int>((sys_days{date} - sys_days{year{time.year} / 1 / 1}).count()) + 1;
}

std::string code_text(char code, const LayoutTime& time)
{
    switch (code) {
    case 'Y': return number(time.year, 4);
    case 'y': return number(time.year % 100, 2);
    case 'm': return number(time.month, 2);
    case 'd': return number(time.day, 2);
    case 'H': return number(time.hour, 2);
    case 'M': return number(time.minute, 2);
    case 'S': return number(time.second, 2);
    case 'j': return number(day_of_year(time), 3);
    default: return std::string(1, code); // %%
    }
}

std::string formatted(std::string_view format, const LayoutTime& time)
{
    std::string result;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] == '%') {
            result += code_text(format[++i], time); // parse() saw to it that one follows
        } else {
            result += format[i];
        }
    }
    return result;
}

} // namespace

/// Reads a template from left to right, once.
class LayoutParser {
public:
    explicit LayoutParser(std::string_view text) : text_{text} {}

    Layout parse()
    {
        if (text_.empty()) fail("it is empty");
        if (text_.size() > longest_template) fail("it is longer than 1000 bytes");
        if (!is_utf8(text_)) fail("it is no UTF-8");
        while (at_ < text_.size()) step();
        if (!ended_) fail("the last part has to end with {name} or .{ext}");
        if (!names_) fail("the last part needs {name} or {stem}, or shots would take each other's names");
        check_component();
        layout_.stem_ = std::move(component_);
        layout_.text_ = text_;
        return std::move(layout_);
    }

private:
    using Field = Layout::Field;

    void step()
    {
        const char c = text_[at_];
        if (c == '/') return end_folder();
        if (ended_) fail("{name} and {ext} can only be the very end");
        if (c == '{' && text_.substr(at_, 2) != "{{") return field();
        if (c == '}' && text_.substr(at_, 2) != "}}") fail("a } without its {; write }} for the character");
        at_ += c == '{' || c == '}' ? 2u : 1u;
        literal(c);
    }

    void literal(char c)
    {
        if (component_.empty() || component_.back().field != Field::literal) component_.emplace_back();
        component_.back().text += c;
    }

    void end_folder()
    {
        if (ended_) fail("{name} and {ext} belong into the last part; a folder can have {stem}");
        if (component_.empty())
            fail(at_ == 0 ? "it begins with /; it is below the archive" : "a part is empty");
        if (layout_.folders_.size() + 1 >= most_components) fail("it has more than 16 parts");
        check_component();
        layout_.folders_.push_back(std::move(component_));
        component_.clear();
        names_ = false;
        ++at_;
    }

    /// What is written here for good must be a safe name already, so that nobody wonders where it went.
    void check_component() const
    {
        std::size_t bytes = 0;
        for (const Layout::Piece& piece : component_) {
            bytes += Layout::is_foreign(piece.field) ? least_share : Layout::fixed_text(piece, {}).size();
            if (piece.field != Field::literal) continue;
            // Framed, because only the ends of the whole component matter, not those of its pieces.
            const std::string framed = 'x' + piece.text + 'x';
            if (safe_component(framed, framed.size()) != to_nfc(framed)) {
                fail("a part has a character that some file systems don't take");
            }
        }
        if (bytes > longest_component) fail("a part has too much in it for a file name");
        const Layout::Piece& first = component_.front();
        const Layout::Piece& last = component_.back();
        if (first.field == Field::literal &&
            std::string_view{".- "}.find(first.text[0]) != std::string_view::npos) {
            fail("a part can't begin with a dot, a dash or a space");
        }
        if (last.field == Field::literal && (last.text.ends_with('.') || last.text.ends_with(' '))) {
            fail("a part can't end with a dot or a space");
        }
        if (component_.size() == 1 && first.field == Field::literal &&
            safe_component(first.text) != to_nfc(first.text)) {
            fail("a part is a name that Windows keeps for itself");
        }
    }

    void field()
    {
        const std::size_t close = text_.find_first_of("{}/", at_ + 1);
        if (close == std::string_view::npos || text_[close] != '}') fail("a { without its }");
        const std::string_view body = text_.substr(at_ + 1, close - at_ - 1);
        const std::size_t mark = body.find_first_of(":,");
        const std::string_view name = body.substr(0, mark);
        const char kind = mark == std::string_view::npos ? '\0' : body[mark];
        const std::string_view rest = kind == '\0' ? std::string_view{} : body.substr(mark + 1);

        if (name == "name" || name == "ext") {
            if (kind != '\0') fail("{name} and {ext} take neither format nor default");
            end_with(name);
        } else if (name == "taken" || name == "imported") {
            time_field(name == "taken" ? Field::taken : Field::imported, kind, rest);
        } else {
            text_field(name, kind, rest);
        }
        at_ = close + 1;
    }

    void end_with(std::string_view name)
    {
        ended_ = true;
        if (name == "name") {
            component_.push_back({Field::stem, {}});
            names_ = true;
            return;
        }
        if (component_.empty() || component_.back().field != Field::literal ||
            !component_.back().text.ends_with('.')) {
            fail("{ext} needs a dot before it");
        }
        component_.back().text.pop_back();
        if (component_.back().text.empty()) component_.pop_back();
        if (component_.empty()) fail("the last part needs {name} or {stem}");
    }

    void time_field(Field which, char kind, std::string_view format)
    {
        if (kind == ',') fail("a time takes no default");
        if (kind == '\0') format = "%Y-%m-%d";
        if (format.empty()) fail("a time has an empty format");
        for (std::size_t i = 0; i < format.size(); ++i) {
            if (format[i] != '%') continue;
            if (++i == format.size() ||
                std::string_view{"YymdHMSj%"}.find(format[i]) == std::string_view::npos) {
                fail("of strftime's codes it takes %Y %y %m %d %H %M %S %j %%");
            }
        }
        component_.push_back({which, std::string{format}});
    }

    void text_field(std::string_view name, char kind, std::string_view fallback)
    {
        struct Named {
            std::string_view name;
            Field field;
        };
        static constexpr std::array<Named, 7> fields{{{"stem", Field::stem},
                                                      {"camera.make", Field::make},
                                                      {"camera.model", Field::model},
                                                      {"device", Field::device},
                                                      {"album", Field::album},
                                                      {"kind", Field::kind},
                                                      {"source", Field::source}}};
        const auto* const found =
            std::find_if(fields.begin(), fields.end(), [&](const Named& n) { return n.name == name; });
        if (found == fields.end()) {
            fail("there is no field {" + std::string{name} +
                 "}; there are taken, imported, name, stem, ext, camera.make, camera.model, device, album, "
                 "kind, "
                 "source");
        }
        if (kind == ':') fail("only taken and imported take a format; a default comes after a comma");
        if (found->field == Field::stem) names_ = true;
        component_.push_back({found->field, std::string{kind == '\0' ? "unknown" : fallback}});
    }

    [[noreturn]] void fail(const std::string& reason) const
    {
        throw ArchiveError{ErrorCode::invalid, "The layout `" + printable(text_) +
                                                   "` can't be used, at position " + std::to_string(at_ + 1) +
                                                   ": " + printable(reason) + "."};
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Layout layout_;
    Layout::Component component_; ///< the one being read
    bool ended_ = false;          ///< {name} or {ext} was there
    bool names_ = false;          ///< the component holds the shot's own name
};

Layout Layout::parse(std::string_view text) { return LayoutParser{text}.parse(); }

std::string_view Layout::foreign_text(Field field, const ShotFacts& facts)
{
    switch (field) {
    case Field::make: return facts.camera_make;
    case Field::model: return facts.camera_model;
    case Field::device: return facts.device;
    case Field::album: return facts.album;
    case Field::kind: return facts.kind;
    case Field::source: return facts.source_kind;
    case Field::stem:
    case Field::literal:
    case Field::taken:
    case Field::imported: break;
    }
    return {};
}

bool Layout::is_foreign(Field field) noexcept
{
    return field != Field::literal && field != Field::taken && field != Field::imported;
}

std::string Layout::fixed_text(const Piece& piece, const ShotFacts& facts)
{
    if (piece.field == Field::literal) return piece.text;
    return formatted(piece.text, piece.field == Field::taken ? facts.taken : facts.imported);
}

std::string Layout::render(const Component& component, const ShotFacts& facts)
{
    std::size_t fixed = 0;
    std::size_t foreign = 0;
    for (const Piece& piece : component) {
        if (is_foreign(piece.field)) {
            ++foreign;
        } else {
            fixed += fixed_text(piece, facts).size();
        }
    }
    // Each foreign text gets its share, so that a long album name can't push out the shot's own.
    const std::size_t room = longest_component - std::min(longest_component, fixed);
    const std::size_t share = std::max(least_share, room / std::max<std::size_t>(1, foreign));

    std::string result;
    for (const Piece& piece : component) {
        if (!is_foreign(piece.field)) {
            result += fixed_text(piece, facts);
            continue;
        }
        const std::string stem = piece.field == Field::stem ? split_name(facts.name).first : std::string{};
        const std::string_view value = piece.field == Field::stem ? stem : foreign_text(piece.field, facts);
        if (value.empty() && piece.text.empty() && piece.field != Field::stem) continue;
        result += safe_component(value.empty() ? std::string_view{piece.text} : value, share);
    }
    return safe_component(result, longest_component);
}

ShotPath Layout::place(const ShotFacts& facts) const
{
    ShotPath path;
    for (const Component& component : folders_) {
        if (!path.folder.empty()) path.folder += '/';
        path.folder += render(component, facts);
    }
    path.stem = render(stem_, facts);
    return path;
}

} // namespace photosafe
