// SPDX-License-Identifier: LGPL-2.1-or-later
// Both readings are tried, and what is out of place in each is counted: in Western text a letter without a
// word, a sign where nobody puts it, a byte that stands for nothing; in Japanese text rare kanji, a kanji by
// itself, and one that touches a small Latin letter. Microsoft's tables of the code pages 932 and 1252.
#include "worker/looks_japanese.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

namespace photosafe::worker {

namespace {

constexpr int doubtful = 1, wrong = 2;

using Byte = unsigned char;

bool is_one_of(Byte byte, std::string_view all) { return all.find(static_cast<char>(byte)) != all.npos; }
bool is_small_ascii(Byte byte) { return byte >= 'a' && byte <= 'z'; }
bool is_digit(Byte byte) { return byte >= '0' && byte <= '9'; }

/// A text in Windows-1252. Beyond its ends there are blanks.
class Western {
public:
    explicit Western(std::string_view bytes) : bytes_{bytes} {}

    int faults() const
    {
        int result = unpaired("\x93", "\x94\x84") + unpaired("\xab", "\xbb") + missing('\x8b', "\x9b") +
                     missing('\x9b', "\x8b") + missing('\x82', "\x91\x92");
        for (std::size_t i = 0; i < bytes_.size();) {
            if (is_letter(at(i))) {
                std::size_t end = i;
                while (end < bytes_.size() && is_letter(at(end))) ++end;
                result += of_word(bytes_.substr(i, end - i));
                i = end;
            } else {
                if (at(i) >= 0x80) result += of_sign(i);
                ++i;
            }
        }
        return result;
    }

private:
    static bool is_large(Byte byte)
    {
        return (byte >= 'A' && byte <= 'Z') || (byte >= 0xc0 && byte <= 0xde && byte != 0xd7) ||
               is_one_of(byte, "\x8a\x8c\x8e\x9f");
    }
    static bool is_small(Byte byte)
    {
        return is_small_ascii(byte) || (byte >= 0xdf && byte != 0xf7) || is_one_of(byte, "\x9a\x9c\x9e");
    }
    static bool is_letter(Byte byte) { return is_large(byte) || is_small(byte); }
    static bool is_vowel(Byte byte)
    {
        constexpr Byte n_tilde = 0xd1, eth = 0xd0, thorn = 0xde;
        if (byte < 0x80) return is_one_of(byte, "aeiouyAEIOUY");
        if (is_one_of(byte, "\x8c\x9c\x9f\xff")) return true;
        const Byte large = byte & 0xdf; // of the rows from 0xc0
        return byte >= 0xc0 && large != n_tilde && large != eth && large != thorn;
    }
    static bool is_blank(Byte byte) { return byte <= ' ' || byte == 0xa0; }

    Byte at(std::size_t i) const { return i < bytes_.size() ? static_cast<Byte>(bytes_[i]) : Byte{' '}; }
    Byte before(std::size_t i) const { return i == 0 ? Byte{' '} : at(i - 1); }
    Byte after(std::size_t i) const { return at(i + 1); }

    int unpaired(std::string_view one, std::string_view other) const
    {
        const auto count = std::count_if(bytes_.begin(), bytes_.end(), [&](char c) {
            return one.find(c) != one.npos || other.find(c) != other.npos;
        });
        return count % 2 == 0 ? 0 : doubtful;
    }
    int missing(char one, std::string_view partners) const
    {
        const bool there = bytes_.find(one) != bytes_.npos;
        return there && bytes_.find_first_of(partners) == bytes_.npos ? wrong : 0;
    }

    /// À Å Æ È É Ê Í Ó Ô Ö Ø, and the small ones with â ä ç.
    static constexpr std::string_view words_of_one_letter =
        "\xc0\xc5\xc6\xc8\xc9\xca\xcd\xd3\xd4\xd6\xd8\xe0\xe2\xe4\xe5\xe6\xe7\xe8\xe9\xea\xed\xf3\xf4\xf6"
        "\xf8";

    static int of_word(std::string_view word)
    {
        std::size_t high = 0;
        bool vowel = false, small = false, turned = false, rare = false;
        for (std::size_t i = 0; i < word.size(); ++i) {
            const auto byte = static_cast<Byte>(word[i]);
            const auto previous = static_cast<Byte>(i == 0 ? 'A' : word[i - 1]);
            constexpr Byte sharp_s = 0xdf; // in words of capitals, too
            high += byte >= 0x80;
            rare |= byte >= 0x80 && byte < 0xa0; // Š Œ Ž
            small |= is_small(byte);
            turned |= is_small(previous) && previous != sharp_s && is_large(byte) &&
                      (byte >= 0x80 || previous >= 0x80);
            vowel |= is_vowel(byte);
            if (i > 0 && i + 1 < word.size()) vowel |= is_one_of(byte, "rlRL"); // `krč`, `vlk`
        }
        if (high == 0) return 0;
        int result = turned ? wrong : 0;
        if (!vowel && word.size() > 1) result += small ? wrong : doubtful; // `ŠK` is a club
        if (high == word.size() && word.size() > 1)
            result += rare || (word.size() > 2 && small) ? wrong : doubtful;
        if (word.size() == 1 && !is_one_of(static_cast<Byte>(word[0]), words_of_one_letter))
            result += doubtful;
        return result;
    }

    /// Quotes touch a word on one side.
    int of_quote(std::size_t i) const
    {
        static constexpr std::string_view beside =
            "\"#$&'()*+,-./:;<=>!?@[]"
            "\x80\x83\x85\x91\x92\x93\x94\x96\x97\xa1\xa3\xab\xb1\xbb\xbf";
        const auto known = [&](Byte byte) {
            return alphanumeric(byte) || is_blank(byte) || is_one_of(byte, beside);
        };
        const bool left = alphanumeric(before(i)), right = alphanumeric(after(i));
        if (left && right) return doubtful;
        return known(before(i)) && known(after(i)) ? 0 : doubtful;
    }
    static bool alphanumeric(Byte byte) { return is_letter(byte) || is_digit(byte); }

    int of_dash(std::size_t i) const
    {
        const Byte left = before(i), right = after(i);
        if (is_blank(left) != is_blank(right)) return doubtful;
        static constexpr std::string_view beside = "\"'().,?!<>%\x80\x85\x91\x92\x93\x94\xab\xbb";
        const auto known = [&](Byte byte) { return alphanumeric(byte) || is_one_of(byte, beside); };
        return is_blank(left) || (known(left) && known(right)) ? 0 : doubtful;
    }

    int of_sign(std::size_t i) const
    {
        const Byte left = before(i), right = after(i);
        const bool by_number = is_digit(left) || is_digit(right) || is_blank(left);
        const auto good = [](bool is) { return is ? 0 : wrong; };
        switch (at(i)) {
        case 0x85: // …
        case 0xa0: return 0;
        case 0x80: return is_letter(left) ? doubtful : 0; // €
        case 0x92:                                        // ’
            return alphanumeric(left) || alphanumeric(right) ? 0 : doubtful;
        case 0x82:
        case 0x84:
        case 0x8b:
        case 0x91:
        case 0x93:
        case 0x94:
        case 0x9b:
        case 0xab:
        case 0xbb: return of_quote(i);
        case 0x96:
        case 0x97: return of_dash(i);
        case 0x83: return is_one_of(right, "/ )\x92\x94") || is_digit(right) ? 0 : doubtful; // ƒ, of a lens
        case 0x86:
        case 0x87: return good(!is_letter(right) && (left < 0x80 || is_letter(left))); // †
        case 0x89:
            return good((is_digit(left) || is_blank(left)) && right < 0x80 && !alphanumeric(right)); // ‰
        case 0x95: return is_letter(right) ? doubtful : 0;                                           // •
        case 0x99: return good(alphanumeric(left) && !alphanumeric(right));                          // ™
        case 0xa1:
        case 0xbf: return good(!alphanumeric(left) && !is_blank(right)); // ¡ ¿
        case 0xa2:
        case 0xa3:
        case 0xa5: return good(by_number);                          // ¢ £ ¥
        case 0xa7: return good(is_blank(right) || is_digit(right)); // §
        case 0xa9: return is_letter(left) ? doubtful : 0;           // ©
        case 0xaa:
        case 0xba: return good(alphanumeric(left) && !alphanumeric(right));                // ª º
        case 0xae: return good(!alphanumeric(right));                                      // ®
        case 0xb0: return good(is_digit(left) || is_blank(left) || is_one_of(left, "nN")); // °
        case 0xb1: return good(by_number && !is_letter(right));                            // ±
        case 0xb2:
        case 0xb3:
        case 0xb9: return good(alphanumeric(left) && !is_letter(right)); // ² ³ ¹
        case 0xb4: return good(is_letter(left) || is_letter(right));     // ´, for an apostrophe
        case 0xb5: return good(!is_letter(left) && is_letter(right));    // µ
        case 0xb7: return good(is_blank(left) == is_blank(right));       // ·
        case 0xbc:
        case 0xbd:
        case 0xbe: return good(!is_letter(left) && !is_letter(right)); // ¼ ½ ¾
        case 0xd7:
        case 0xf7: return good(!is_letter(left) && !is_letter(right)); // × ÷
        default: return wrong; // nothing, or a sign that nobody writes
        }
    }

    std::string_view bytes_;
};

/// A text in Shift-JIS.
class Japanese {
public:
    explicit Japanese(std::string_view bytes) : bytes_{bytes} {}

    /// None where it isn't that, or has no character that is Japanese.
    std::optional<int> faults()
    {
        for (std::size_t i = 0; i < bytes_.size();) {
            const Byte byte = at(i);
            if (byte < 0x80) {
                end_run(i++);
                continue;
            }
            const Kind kind = kind_at(i);
            if (kind == Kind::none) return std::nullopt;
            if (kind == Kind::cut) {
                end_run(i);
                faults_ += wrong;
                break;
            }
            take(kind, i);
            i += kind == Kind::half ? 1 : 2;
        }
        end_run(bytes_.size());
        if (!any_) return std::nullopt;
        return faults_;
    }

private:
    enum class Kind { none, cut, half, kana, kanji, rare, sign, foreign };

    Byte at(std::size_t i) const { return i < bytes_.size() ? static_cast<Byte>(bytes_[i]) : Byte{' '}; }

    Kind kind_at(std::size_t i) const
    {
        const Byte lead = at(i);
        if (lead >= 0xa1 && lead <= 0xdf) return Kind::half;
        const bool lone = lead == 0x80 || lead == 0xa0 || lead > 0xfc;
        const bool empty = lead == 0x85 || lead == 0x86 || is_one_of(lead, "\xeb\xec\xef") ||
                           (lead >= 0xf0 && lead <= 0xf9); // of the last everybody makes his own
        if (lone || empty) return Kind::none;
        if (i + 1 == bytes_.size()) return Kind::cut;
        const Byte trail = at(i + 1);
        if (trail < 0x40 || trail == 0x7f || trail > 0xfc || (lead == 0x88 && trail < 0x9f))
            return Kind::none;
        if (lead == 0x81 || lead == 0x87) return Kind::sign;
        if (lead == 0x82) return trail >= 0x9f ? Kind::kana : Kind::sign;
        if (lead == 0x83) return trail <= 0x96 ? Kind::kana : Kind::foreign;
        if (lead == 0x84) return Kind::foreign; // Cyrillic and lines
        const bool of_level_1 = lead < 0x98 || (lead == 0x98 && trail <= 0x72);
        return of_level_1 ? Kind::kanji : Kind::rare;
    }

    void take(Kind kind, std::size_t i)
    {
        if (size_ == 0) {
            begin_ = i;
            // A sound that belongs to one before it: small letters, a long vowel, the marks of voicing.
            const Byte byte = at(i);
            if (kind == Kind::half && ((byte >= 0xa7 && byte <= 0xb0) || byte >= 0xde)) faults_ += wrong;
        }
        ++size_;
        kana_ += kind == Kind::kana;
        half_ += kind == Kind::half;
        kanji_ += kind == Kind::kanji;
        rare_ += kind == Kind::rare;
        faults_ += kind == Kind::rare || kind == Kind::foreign ? doubtful : 0;
        any_ |= kind != Kind::sign && kind != Kind::foreign;
        any_ |= kind == Kind::sign && ++signs_ > 1;
    }

    void end_run(std::size_t end)
    {
        if (size_ == 0) return;
        const Byte left = begin_ == 0 ? Byte{' '} : at(begin_ - 1);
        // One of half width is an accented letter rather, in a word of capitals, too.
        const auto touches = [&](Byte byte) {
            return is_small_ascii(half_ == 1 ? static_cast<Byte>(byte | 0x20) : byte);
        };
        const int beside = touches(left) + touches(at(end));
        if (size_ == 1) {
            const bool counted = kanji_ == 1 && is_digit(left); // `5月`
            faults_ += doubtful * beside + (counted || kana_ == 1 ? 0 : doubtful);
            if (kana_ == 1 && beside == 0) faults_ -= wrong;
        } else {
            faults_ += beside > 0 ? doubtful : 0;
            faults_ += half_ == size_ ? doubtful : 0;
            faults_ += rare_ > 0 && half_ > 0 ? doubtful * size_ : 0; // as Cyrillic is read
            faults_ -= wrong * kana_;
        }
        size_ = kana_ = half_ = kanji_ = rare_ = 0;
    }

    std::string_view bytes_;
    std::size_t begin_ = 0;                                     // of a run of characters that aren't ASCII
    int size_ = 0, kana_ = 0, half_ = 0, kanji_ = 0, rare_ = 0; // of it
    int faults_ = 0;
    int signs_ = 0; // of the whole text
    bool any_ = false;
};

} // namespace

bool looks_japanese(std::string_view bytes)
{
    const auto faults = Japanese{bytes}.faults();
    return faults && *faults < Western{bytes}.faults();
}

} // namespace photosafe::worker
