// SPDX-License-Identifier: LGPL-2.1-or-later
// What AFC's operations do to the folder that is served.
#pragma once

#include "afc.hpp"
#include "afc_packet.hpp"
#include "media_root.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace simphone {

/// One request, taken apart. `path` is that of the handle where there is one.
struct AfcCall {
    AfcOp op = AfcOp::status;
    std::string path;
    std::string second_path;
    std::uint64_t handle = 0;
    std::uint64_t offset = 0; ///< where in the file a read or write begins
    std::uint64_t length = 0; ///< bytes asked for, or brought along
    std::uint64_t number = 0; ///< mode, size, time, kind of link: the one number an operation takes
    std::uint64_t whence = 0;
    bool has_handle = false;
    bool has_range = false;
    bool bad = false; ///< arguments are missing
};

/// The next bytes a request brought along; 0 when there are no more.
using PayloadReader = std::function<std::size_t(char* into, std::size_t most)>;

/// The files and folders of one AFC connection. Threads: one.
class AfcFiles {
public:
    AfcFiles(Phone& phone, const AfcRoot& root);

    /// Takes a request apart, without doing anything. `payload` is how much follows the arguments.
    AfcCall parse(std::uint64_t op, std::string_view arguments, std::uint64_t payload) const;
    /// Does it.
    void run(const AfcCall& call, const PayloadReader& payload, AfcReply& reply);

    /// Answers as if it had been done, without doing it.
    void pretend(const AfcCall& call, AfcReply& reply);

    /// Where a path of the phone really is: injected entries lead to their targets, and with
    /// View::documents only what is below /Documents is anywhere. EPERM outside of it.
    int resolve(const std::string& path, std::string& inside) const;
    const MediaRoot& root() const { return root_; }
    std::size_t open_handles() const { return files_.size() + folders_.size(); }

private:
    struct OpenFile {
        Fd fd;
        std::string path;
        std::uint64_t position = 0;
        bool append = false;
    };
    struct OpenFolder {
        std::string path;
        std::vector<std::string> names;
        std::size_t next = 0;
    };

    bool run_on_path(const AfcCall& call, AfcReply& reply);
    bool run_on_handle(const AfcCall& call, const PayloadReader& payload, AfcReply& reply);
    bool run_on_connection(const AfcCall& call, AfcReply& reply);

    // by path: afc_paths.cpp
    int list(const std::string& path, std::vector<std::string>& names) const;
    void read_dir(const AfcCall& call, AfcReply& reply) const;
    void file_info(const AfcCall& call, AfcReply& reply) const;
    void device_info(AfcReply& reply) const;
    int remove_path(const std::string& path) const;
    int remove_all(const std::string& path) const;
    int make_dir(const std::string& path) const;
    int make_link(const AfcCall& call) const;
    int rename_path(const AfcCall& call) const;
    int truncate_path(const AfcCall& call) const;
    int set_time(const AfcCall& call) const;
    void hash(const AfcCall& call, bool range, AfcReply& reply) const;
    std::uint64_t birth_time(const MediaRoot::Place& place, std::uint64_t birth,
                             std::uint64_t modified) const;

    // by handle: afc_files.cpp
    void open(const AfcCall& call, AfcReply& reply);
    void read(OpenFile& file, const AfcCall& call, AfcReply& reply) const;
    void write(OpenFile& file, const AfcCall& call, const PayloadReader& payload, AfcReply& reply) const;
    int seek(OpenFile& file, const AfcCall& call) const;
    int lock(const OpenFile& file, std::uint64_t operation) const;
    void open_folder(const AfcCall& call, AfcReply& reply);
    void read_folder(OpenFolder& folder, AfcReply& reply) const;
    bool handles_left() const;

    Phone& phone_;
    AfcRoot view_;
    MediaRoot root_;
    std::map<std::string, const InjectedEntry*> injected_; ///< by whole path
    std::map<std::uint64_t, OpenFile> files_;
    std::map<std::uint64_t, OpenFolder> folders_;
    std::uint64_t next_handle_ = 1;
};

} // namespace simphone
