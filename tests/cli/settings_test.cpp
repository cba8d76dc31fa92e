// SPDX-License-Identifier: LGPL-2.1-or-later
#include "settings.hpp"

#include <fstream>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <photosafe/archive.hpp>
#include <photosafe/error.hpp>

#include "commands.hpp"
#include "config_file.hpp"
#include "support/temp_folder.hpp"

namespace photosafe::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

/// A home, an archive and an environment of their own.
class SettingsTest : public ::testing::Test {
protected:
    SettingsTest() { fs::create_directories(config().parent_path()), fs::create_directories(archive()); }

    fs::path config() const { return folder_.path() / "config/photosafe/config.toml"; }
    fs::path archive() const { return folder_.path() / "archive"; }
    fs::path archive_config() const { return archive() / "photosafe.toml"; }

    static void write(const fs::path& file, const std::string& text) { std::ofstream{file} << text; }

    Settings resolve(const std::vector<const char*>& typed)
    {
        std::vector<const char*> words{"photosafe"};
        for (const char* word : typed) words.push_back(word);
        std::map<std::string, std::string> variables = environment;
        variables["XDG_CONFIG_HOME"] = (folder_.path() / "config").string();
        variables["HOME"] = "/home/anna";
        return Settings::resolve(parse_arguments(static_cast<int>(words.size()), words.data()),
                                 [variables](const std::string& name) -> std::optional<std::string> {
                                     const auto found = variables.find(name);
                                     return found == variables.end() ? std::nullopt
                                                                     : std::optional{found->second};
                                 });
    }

    static Setting of(const Settings& settings, std::string_view key)
    {
        for (const auto& setting : settings.all())
            if (key_name(setting.command, *setting.option) == key) return setting;
        throw std::runtime_error("no such key");
    }

    std::map<std::string, std::string> environment;

private:
    test::TempFolder folder_;
};

TEST_F(SettingsTest, FlagBeatsEnvironmentBeatsArchiveBeatsUserBeatsDefault)
{
    const std::string dir = archive().string();
    const auto retries = [&](std::vector<const char*> words) {
        return of(resolve(std::move(words)), "import.retries");
    };
    const std::vector<const char*> words{"import", "-a", dir.c_str()};

    EXPECT_EQ(retries(words).values.front(), "3");
    EXPECT_EQ(retries(words).origin, Origin::fallback);

    write(config(), "[import]\nretries = 4\n");
    EXPECT_EQ(retries(words).values.front(), "4");
    EXPECT_EQ(retries(words).origin, Origin::user);
    EXPECT_EQ(retries(words).where, config().string() + ":2");

    write(archive_config(), "import.retries = 5\n");
    EXPECT_EQ(retries(words).values.front(), "5");
    EXPECT_EQ(retries(words).origin, Origin::archive);

    environment["PHOTOSAFE_IMPORT_RETRIES"] = "6";
    EXPECT_EQ(retries(words).values.front(), "6");
    EXPECT_EQ(retries(words).where, "PHOTOSAFE_IMPORT_RETRIES");

    EXPECT_EQ(retries({"import", "-a", dir.c_str(), "--retries", "7"}).values.front(), "7");
    EXPECT_EQ(retries({"import", "-a", dir.c_str(), "--retries", "7"}).origin, Origin::flag);
}

TEST_F(SettingsTest, GlobalOptionsStandBeforeOrAfterTheVerb)
{
    EXPECT_TRUE(resolve({"--json", "status"}).flag("json"));
    EXPECT_TRUE(resolve({"status", "--json"}).flag("json"));
    EXPECT_EQ(resolve({"-vv", "import"}).text("verbose"), "2");
    EXPECT_EQ(resolve({"import", "-v"}).text("verbose"), "1");
    EXPECT_EQ(resolve({"-a", "/one", "status"}).archive(), "/one");
    EXPECT_EQ(resolve({"status", "--archive=/one/"}).archive(), "/one/");
}

TEST_F(SettingsTest, TheArchiveIsFoundWhereInitWroteIt)
{
    add_archive_to_config(config(), "/photos/with \"quotes\" \\ and é");
    EXPECT_EQ(resolve({"import"}).archive(), "/photos/with \"quotes\" \\ and é");
    environment["PHOTOSAFE_ARCHIVE"] = "/elsewhere";
    EXPECT_EQ(resolve({"import"}).archive(), "/elsewhere");
}

TEST_F(SettingsTest, WithoutAnArchiveTheErrorSaysWhatToDo)
{
    EXPECT_THAT([&] { (void)resolve({"status"}).archive(); },
                ThrowsMessage<ArchiveError>(HasSubstr("photosafe init")));
}

TEST_F(SettingsTest, ATildeInAFileIsHome)
{
    write(config(), "archive = \"~/Pictures\"\n");
    EXPECT_EQ(resolve({"status"}).archive(), "/home/anna/Pictures");
}

TEST_F(SettingsTest, ListsTakeSeveralValues)
{
    EXPECT_THAT(resolve({"import", "--from", "a", "--from=b"}).list("from"), ElementsAre("a", "b"));
    environment["PHOTOSAFE_IMPORT_FROM"] = "/with, comma\ndevice:1\n";
    EXPECT_THAT(resolve({"import"}).list("from"), ElementsAre("/with, comma", "device:1"));
    environment.clear();
    write(config(), "[import]\nfrom = [\"c\", \"d\"]\n");
    EXPECT_THAT(resolve({"import"}).list("from"), ElementsAre("c", "d"));
}

TEST_F(SettingsTest, FilesHoldValuesAsTomlHasThem)
{
    write(config(), "json = true\nverbose = 2\n[import]\nsince = 2024-05-01\nwait = false\n");
    const auto settings = resolve({"import"});
    EXPECT_TRUE(settings.flag("json"));
    EXPECT_EQ(settings.text("verbose"), "2");
    EXPECT_EQ(settings.text("since"), "2024-05-01");
    EXPECT_FALSE(settings.flag("wait"));
}

TEST_F(SettingsTest, ASwitchCanBeSwitchedBack)
{
    EXPECT_FALSE(resolve({"import", "--no-wait"}).flag("wait"));
    EXPECT_TRUE(resolve({"import", "--no-wait", "--wait"}).flag("wait"));
    EXPECT_EQ(resolve({"import"}).text("wait"), "auto");
}

TEST_F(SettingsTest, AFaultInAFileIsToldWithFileAndLine)
{
    write(config(), "json = true\nverbose = = 2\n");
    EXPECT_THAT([&] { resolve({"status"}); },
                ThrowsMessage<UsageError>(HasSubstr(config().string() + ":2: ")));
    write(config(), "\n[import]\nretries = [1, 2]\n");
    EXPECT_THAT([&] { resolve({"import"}); },
                ThrowsMessage<UsageError>(HasSubstr(config().string() + ":3: ")));
    write(config(), "[import]\nverify = \"maybe\"\n");
    EXPECT_THAT([&] { resolve({"import"}); },
                ThrowsMessage<UsageError>(HasSubstr(config().string() + ":2: ")));
    EXPECT_NO_THROW(resolve({"status"})); // which doesn't care how an import verifies
}

TEST_F(SettingsTest, AFaultInTheEnvironmentNamesTheVariable)
{
    environment["PHOTOSAFE_IMPORT_WAIT"] = "perhaps";
    EXPECT_THAT([&] { resolve({"import"}); },
                ThrowsMessage<UsageError>(HasSubstr("PHOTOSAFE_IMPORT_WAIT: ")));
}

TEST_F(SettingsTest, UnknownKeysAreToldOfAndDoNoHarm)
{
    write(config(), "colour = 1\n[improt]\nretries = 3\n");
    const auto settings = resolve({"status"});
    EXPECT_THAT(settings.unknown(), ElementsAre(HasSubstr(":1: no setting is called `colour`"),
                                                HasSubstr(":3: no setting is called `improt.retries`")));
}

TEST_F(SettingsTest, AnArchiveCannotSayWhereTheArchiveIs)
{
    write(archive_config(), "archive = \"/elsewhere\"\n");
    const std::string dir = archive().string();
    EXPECT_THAT(
        [&] {
            resolve({"status", "-a", dir.c_str()});
        },
        ThrowsMessage<UsageError>(HasSubstr("photosafe.toml:1")));
}

TEST_F(SettingsTest, HelpWorksWithBrokenSettings)
{
    write(config(), "= = =");
    EXPECT_NO_THROW(resolve({"help"}));
    EXPECT_THROW(resolve({"config"}), UsageError);
}

TEST_F(SettingsTest, WritingTheArchiveKeepsEverythingElse)
{
    const std::string before = "# mine\n[import]\nretries = 9 # often\n";
    write(config(), before);
    fs::permissions(config(), fs::perms::owner_read | fs::perms::owner_write);
    add_archive_to_config(config(), "/photos");

    EXPECT_EQ(test::content_of(config()), "archive = \"/photos\"\n" + before);
    EXPECT_EQ(fs::status(config()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_EQ(resolve({"import"}).text("retries"), "9");
}

TEST_F(SettingsTest, WritingThroughALinkKeepsTheLink)
{
    const fs::path real = archive() / "dotfile.toml";
    write(real, "json = false\n");
    fs::create_symlink(real, config());
    add_archive_to_config(config(), "/photos");
    EXPECT_TRUE(fs::is_symlink(config()));
    EXPECT_EQ(resolve({"import"}).archive(), "/photos");
}

TEST_F(SettingsTest, APathThatTomlCannotHoldIsRefused)
{
    EXPECT_THROW(add_archive_to_config(config(), "/photos\xff"), UsageError);
    EXPECT_FALSE(fs::exists(config()));
}

TEST(OptionTable, NamesAreUniqueAndEveryOptionIsExplained)
{
    std::set<std::string> variables;
    const auto check = [&](const Command* command, std::span<const Option> options) {
        for (const Option& option : options) {
            EXPECT_TRUE(variables.insert(environment_name(command, option)).second) << option.name;
            EXPECT_TRUE(option.help.ends_with('.')) << option.name;
            EXPECT_EQ(option.kind == Kind::flag, option.metavar.empty()) << option.name;
        }
    };
    check(nullptr, global_options());
    for (const Command* command : commands()) {
        check(command, command->options);
        EXPECT_NE(command->run, nullptr);
        EXPECT_FALSE(command->description.empty());
        EXPECT_FALSE(command->exits.empty());
        EXPECT_FALSE(command->examples.empty());
    }
}

TEST(OptionTable, TheLayoutIsTheLibrarysOwn)
{
    for (const Option& option : init_command.options) {
        if (option.name == "layout") {
            EXPECT_EQ(option.fallback, CreateOptions{}.layout);
        }
    }
}

TEST(Arguments, AskForTheVerbThatWasMeant)
{
    const char* words[] = {"photosafe", "improt"};
    EXPECT_THAT([&] { parse_arguments(2, words); },
                ThrowsMessage<UsageError>(HasSubstr("did you mean `import`?")));
}

TEST(Arguments, RequireWhatAVerbNeedsUnlessHelpIsAskedFor)
{
    const char* words[] = {"photosafe", "init", "--help"};
    EXPECT_THROW(parse_arguments(2, words), UsageError);
    EXPECT_TRUE(parse_arguments(3, words).has("help"));
}

} // namespace
} // namespace photosafe::cli
