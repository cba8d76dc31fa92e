// SPDX-License-Identifier: LGPL-2.1-or-later
#include "convert/renderers.hpp"

#include <algorithm>
#include <optional>

#include "archive/rendition_mark.hpp"
#include "convert/plan.hpp"
#include "core/text.hpp"
#include "core/time.hpp"

namespace photosafe {

namespace {

// What is believed of a worker: a broken one could fill the catalog.
constexpr std::size_t most_lost = 32, longest_word = 80, longest_sentence = 1000;

std::string cut(const std::string& text, std::size_t bytes)
{
    return std::string{cut_at_character(text, bytes)};
}

RenderOptions render_options(const RenditionOptions& options)
{
    RenderOptions result;
    result.quality = options.quality;
    result.max_edge = options.max_size;
    result.progressive = options.progressive;
    result.srgb = options.srgb;
    result.strip_location = options.strip_location;
    result.keep_tag = options.keep_tag;
    result.thumbnail = options.kind == RenditionKind::thumbnail;
    result.decoder = name(options.decoder);
    return result;
}

/// Whether it is the picture that failed, and not something around it.
bool is_of_picture(ErrorCode code)
{
    switch (code) {
    case ErrorCode::unreadable:
    case ErrorCode::crashed:
    case ErrorCode::timeout:
    case ErrorCode::out_of_memory:
    case ErrorCode::protocol: return true;
    default: return false;
    }
}

/// Other decoders may take what those of HEIC refuse; a JPEG that is broken stays so.
std::string with_advice(const std::string& sentence)
{
    if (sentence.find("libheif") == std::string::npos && sentence.find("libavcodec") == std::string::npos)
        return cut(sentence, longest_sentence);
    return cut(sentence, longest_sentence) +
           " photosafe doctor says which decoders are installed, and whether newer "
           "ones would do.";
}

} // namespace

Renderers::Renderers(const Folder& root, WorkerPool& pool, RenditionOptions options, std::string folder,
                     std::string text)
    : root_{&root}, pool_{&pool}, options_{options}, folder_{std::move(folder)}, text_{std::move(text)}
{
    for (unsigned i = 0; i < pool.size(); ++i)
        threads_.emplace_back([this](const std::stop_token& ending) { run(ending); });
}

void Renderers::ask(RenderJob job)
{
    {
        const std::scoped_lock lock{mutex_};
        asked_.push_back(std::move(job));
    }
    changed_.notify_all();
}

Rendered Renderers::take()
{
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return !done_.empty(); });
    Rendered result = std::move(done_.front());
    done_.pop_front();
    if (result.failure) std::rethrow_exception(result.failure);
    return result;
}

void Renderers::run(const std::stop_token& ending)
{
    for (;;) {
        std::unique_lock lock{mutex_};
        if (!changed_.wait(lock, ending, [&] { return !asked_.empty(); }) || ending.stop_requested()) return;
        RenderJob job = std::move(asked_.front());
        asked_.pop_front();
        lock.unlock();
        Rendered result = render(std::move(job));
        lock.lock();
        done_.push_back(std::move(result));
        lock.unlock();
        changed_.notify_all();
    }
}

Rendered Renderers::render(RenderJob job)
{
    Rendered result;
    result.asset = job.asset;
    Rendition& rendition = result.rendition;
    rendition.asset = job.asset.id;
    rendition.folder = folder_;
    rendition.options = text_;
    rendition.versions = pool_->facts().versions;
    rendition.made = wall_now();
    if (job.asset.state != AssetState::present) {
        result.code = job.asset.state == AssetState::missing ? ErrorCode::not_found : ErrorCode::mismatch;
        result.reason = printable(job.asset.path) + " is " + std::string{name(job.asset.state)} +
                        ". Bring it back from another copy of the archive, and run photosafe verify.";
        return result;
    }
    try {
        std::optional<File> file;
        try {
            file = root_->open_file(job.asset.path, O_RDONLY);
        } catch (const ArchiveError& error) {
            result.code = error.code();
            result.reason =
                std::string{error.what()} + ". photosafe verify says what is wrong with the archive.";
            return result;
        }
        draw(job, *file, result);
    } catch (const MediaError& error) {
        if (error.code() == ErrorCode::killed) {
            result.code = error.code();
            result.reason = std::string{error.what()} + " The next photosafe convert tries it again.";
            return result;
        }
        if (!is_of_picture(error.code())) {
            result.failure = std::current_exception();
            return result;
        }
        result.outcome = ConvertOutcome::failed;
        result.code = error.code();
        result.by_drawing = true;
        result.reason = rendition.trouble = with_advice(error.what());
    } catch (...) { // handed to the thread that takes it
        result.failure = std::current_exception();
    }
    return result;
}

void Renderers::draw(const RenderJob& job, const File& file, Rendered& result)
{
    if (!job.kind_known) {
        try {
            const Metadata facts = pool_->read_metadata(file.fd());
            if (!is_wanted(facts.kind, facts.mime, options_)) {
                result.outcome = ConvertOutcome::left_out;
                return;
            }
        } catch (const MediaError& error) {
            if (!is_of_picture(error.code())) throw; // else the drawing itself says what is wrong
        }
    }
    Picture picture = pool_->render(file.fd(), render_options(options_));
    Rendition& rendition = result.rendition;
    rendition.width = picture.width;
    rendition.height = picture.height;
    rendition.decoder = cut(picture.decoder, longest_word);
    rendition.from_preview = picture.from_preview;
    rendition.embedded = picture.embedded;
    rendition.profile = cut(picture.profile, longest_word);
    for (const std::string& what : std::span{picture.lost}.first(std::min(picture.lost.size(), most_lost)))
        rendition.lost.push_back(cut(what, longest_word));
    if (job.live) rendition.lost.emplace_back("live_video");
    rendition.trouble = with_advice(picture.trouble);
    add_mark(picture.jpeg, {job.asset.digest.sha256, rendition});
    stage(picture.jpeg, result);
    result.outcome = ConvertOutcome::made;
}

/// The next process that opens the archive sweeps it away, should this one not come to put it in its place.
void Renderers::stage(std::span<const std::byte> jpeg, Rendered& result) const
{
    result.staged = ".photosafe/incoming/rendition-" + std::to_string(result.asset.id) + ".jpg";
    root_->remove(result.staged);
    File file = root_->open_file(result.staged, O_WRONLY | O_CREAT | O_EXCL, 0666);
    file.write(jpeg);
    file.sync_data();
    result.rendition.bytes = jpeg.size();
}

} // namespace photosafe
