// How the program starts, refuses to start and ends: exit codes, messages, files and their modes.
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

constexpr int kUsage = 64;
constexpr int kStorage = 74;
constexpr int kConfiguration = 78;

unsigned mode_of(const fs::path& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777u : 0u;
}

// The line of `text` that begins with `start`.
std::string line_with(const std::string& text, const std::string& start) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(start, 0) == 0) return line;
  }
  return {};
}

class Start : public ::testing::Test {
 protected:
  TestServer server_{ServerOptions{.plugins = {"auth"}, .start = false}};

  fs::path database() const { return server_.data_dir() / "stoa.db"; }
  void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }
  void configure(const std::string& toml) { write(server_.directory() / "stoa.toml", toml); }
  void set(const std::string& name, const std::string& value) { server_.options().environment[name] = value; }
  // How `serve` ends that must not get as far as listening.
  std::string refused(int code, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {"serve"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = server_.run(words);
    EXPECT_EQ(outcome.exit_code, code) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, Not(HasSubstr("Sanitizer")));
    return outcome.err;
  }
  Outcome create_user(const std::string& nickname, bool admin = false) {
    std::vector<std::string> words = {"user",       "create",
                                      "--nickname", nickname,
                                      "--email",    nickname + "@example.test",
                                      "--password", TestServer::kPassword};
    if (admin) words.emplace_back("--admin");
    return server_.run(words);
  }
};

// ---- Configuration

TEST_F(Start, UnknownKeysAreNamedWithTheirPlace) {
  configure("[http]\nhost = \"127.0.0.1\"\nprot = 8080\n\n[forun]\nname = \"x\"\n");
  const std::string said = refused(kConfiguration);
  EXPECT_THAT(said, AllOf(HasSubstr("stoa.toml:3"), HasSubstr("http.prot"), HasSubstr("stoa.toml:"),
                          HasSubstr("forun")));
}

TEST_F(Start, WrongValuesAreNamedWithTheirPlace) {
  configure("[cache]\nmax_mb = \"many\"\n[log]\nlevel = \"loud\"\n");
  EXPECT_THAT(refused(kConfiguration), AllOf(HasSubstr("stoa.toml:2"), HasSubstr("cache.max_mb"),
                                             HasSubstr("stoa.toml:4"), HasSubstr("log.level")));
  configure("[cache\nmax_mb = 1\n");
  EXPECT_THAT(refused(kConfiguration), HasSubstr("stoa.toml:1"));
  configure("");
  set("STOA__CACHE__MAX_MB", "many");
  EXPECT_THAT(refused(kConfiguration), AllOf(HasSubstr("STOA__CACHE__MAX_MB"), HasSubstr("cache.max_mb")));
  set("STOA__CACHE__MAX_MB", "1");
  set("STOA__HTTP__PROT", "1");
  EXPECT_THAT(refused(kConfiguration), HasSubstr("STOA__HTTP__PROT"));
  server_.options().environment.erase("STOA__HTTP__PROT");
  EXPECT_THAT(refused(kConfiguration, {"--port", "99999"}),
              AllOf(HasSubstr("http.port"), HasSubstr("command line")));
  EXPECT_THAT(refused(kConfiguration, {"--config", "nowhere.toml"}), HasSubstr("nowhere.toml"));
}

TEST_F(Start, WrongSettingsOfAPluginAreNamedWithTheirPlace) {
  configure("[plugin.auth]\nregistration = \"sometimes\"\n");
  EXPECT_THAT(refused(kConfiguration),
              AllOf(HasSubstr("stoa.toml:2"), HasSubstr("plugin.auth.registration"), HasSubstr("auth")));
  configure("[plugin.auth]\nregistraton = \"open\"\n");
  EXPECT_THAT(refused(kConfiguration), AllOf(HasSubstr("stoa.toml:2"), HasSubstr("registraton")));
  EXPECT_FALSE(fs::exists(server_.data_dir() / "stoa.sock"));
}

TEST_F(Start, ConfigCheckSaysWhatServeWould) {
  EXPECT_EQ(server_.run({"config", "check"}).exit_code, 0);
  configure("[plugin.auth]\nregistration = \"sometimes\"\n");
  Outcome outcome = server_.run({"config", "check"});
  EXPECT_EQ(outcome.exit_code, kConfiguration);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("stoa.toml:2"), HasSubstr("registration")));
  configure("[http]\nprot = 1\n");
  outcome = server_.run({"config", "check"});
  EXPECT_EQ(outcome.exit_code, kConfiguration);
  EXPECT_THAT(outcome.err, HasSubstr("stoa.toml:2"));
  configure("");
  server_.options().plugins = {"posts"};
  outcome = server_.run({"config", "check"});
  EXPECT_EQ(outcome.exit_code, kConfiguration);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("auth"), HasSubstr("needed by posts")));
  EXPECT_FALSE(fs::exists(server_.data_dir())) << "a check changes nothing";
}

TEST_F(Start, ConfigPrintTellsOrigins) {
  configure("[forum]\nname = \"From the file\"\n");
  const Outcome outcome = server_.run({"config", "print", "--origin", "--set", "cache.max_mb=7"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(line_with(outcome.out, "forum.name"),
              AllOf(HasSubstr("From the file"), HasSubstr("stoa.toml:2")));
  EXPECT_THAT(line_with(outcome.out, "http.port"),
              AllOf(HasSubstr(std::to_string(server_.port())), HasSubstr("STOA__HTTP__PORT")));
  EXPECT_THAT(line_with(outcome.out, "cache.max_mb"), AllOf(HasSubstr("7"), HasSubstr("command line")));
  EXPECT_THAT(line_with(outcome.out, "forum.private"), AllOf(HasSubstr("false"), HasSubstr("default")));
}

// ---- What is in the way

TEST_F(Start, ATakenPortIsNamed) {
  TestServer other({.plugins = {"auth"}});
  set("STOA__HTTP__PORT", std::to_string(other.port()));
  EXPECT_THAT(refused(kConfiguration),
              AllOf(HasSubstr(std::to_string(other.port())), HasSubstr("http.port")));
  Client stranger = other.client();
  EXPECT_EQ(stranger.get("//healthz").status, 200);
}

TEST_F(Start, ADataDirectoryIsForOne) {
  server_.start();
  TestServer other({.plugins = {"auth"},
                    .environment = {{"STOA__DATA_DIR", server_.data_dir().string()}},
                    .start = false});
  for (const char* command : {"serve", "migrate"}) {
    const Outcome outcome = other.run({command});
    EXPECT_EQ(outcome.exit_code, kStorage) << command;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("data_dir"), HasSubstr("in use"))) << command;
  }
  Client stranger = server_.client();
  EXPECT_EQ(stranger.get("//readyz").status, 200);
  EXPECT_EQ(create_user("still-served").exit_code, 0) << "its control socket is unharmed";
}

TEST_F(Start, AnUnusableDataDirectoryIsNamed) {
  write(server_.directory() / "file", "not a directory");
  set("STOA__DATA_DIR", (server_.directory() / "file").string());
  EXPECT_THAT(refused(kStorage), HasSubstr("file"));
  set("STOA__DATA_DIR", "/proc/stoa-test");
  EXPECT_THAT(refused(kStorage), HasSubstr("/proc/stoa-test"));
}

TEST_F(Start, AnUnusableDatabaseIsNamed) {
  set("STOA__STORAGE__PATH", "/proc/stoa-test.db");
  EXPECT_THAT(refused(kStorage), HasSubstr("/proc/stoa-test.db"));
  set("STOA__STORAGE__PATH", server_.directory().string());
  EXPECT_THAT(refused(kStorage), HasSubstr(server_.directory().string()));
}

TEST_F(Start, AReadOnlyDatabaseIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "nothing is read-only to root";
  ASSERT_EQ(server_.run({"migrate"}).exit_code, 0);
  ::chmod(database().c_str(), 0400);
  EXPECT_THAT(refused(kStorage), HasSubstr("stoa.db"));
  ::chmod(database().c_str(), 0600);
  fs::create_directory(server_.directory() / "apart");
  ::chmod((server_.directory() / "apart").c_str(), 0500);
  set("STOA__STORAGE__PATH", (server_.directory() / "apart/stoa.db").string());
  EXPECT_THAT(refused(kStorage), HasSubstr("stoa.db"));
}

TEST_F(Start, ADamagedDatabaseIsNamedAndLeftAlone) {
  const std::string garbage = std::string(8'192, 'x');
  write(database(), garbage);
  EXPECT_THAT(refused(kStorage), HasSubstr("stoa.db"));
  EXPECT_EQ(fs::file_size(database()), garbage.size());
  fs::remove(database());
  ASSERT_EQ(server_.run({"migrate"}).exit_code, 0);
  fs::resize_file(database(), 4'096 * 2);
  EXPECT_THAT(refused(kStorage), HasSubstr("stoa.db"));
}

// ---- Commands

TEST_F(Start, VersionAndHelp) {
  const Outcome version = server_.run({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, MatchesRegex("stoa [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  const Outcome help = server_.run({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out,
              AllOf(HasSubstr("serve"), HasSubstr("backup"), HasSubstr("migrate"), HasSubstr("config")));
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {}, {"serve", "--nonsense"}, {"backup"}, {"config"}, {"nonsense"}, {"--set", "x", "serve"}}) {
    const Outcome outcome = server_.run(words);
    EXPECT_EQ(outcome.exit_code, kUsage) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("stoa: "));
  }
}

TEST_F(Start, PluginListShowsWhatIsThere) {
  const Outcome outcome = server_.run({"plugin", "list"});
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(line_with(outcome.out, "auth"), HasSubstr(" enabled"));
  EXPECT_THAT(line_with(outcome.out, "chat"), HasSubstr("disabled"));
  server_.options().plugins = {"auth", "nowhere"};
  const Outcome wrong = server_.run({"plugin", "list"});
  EXPECT_EQ(wrong.exit_code, kConfiguration);
  EXPECT_THAT(wrong.err, HasSubstr("nowhere"));
}

TEST_F(Start, MigrateMakesADatabaseAndEnds) {
  for (int time = 0; time < 2; ++time) {
    const Outcome outcome = server_.run({"migrate"});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("stoa.db"));
    EXPECT_EQ(integrity_of(database()), "ok");
  }
  EXPECT_EQ(number_in(database(), "SELECT count(*) FROM auth_user"), 0);
  server_.start();
  EXPECT_NE(server_.setup_token(), "");
}

TEST_F(Start, BackupWithAndWithoutAServer) {
  ASSERT_EQ(create_user("ann").exit_code, 0);
  const auto backup = [&](const std::string& name) { return server_.run({"backup", name}); };
  const auto users = [&](const std::string& name) {
    EXPECT_EQ(integrity_of(server_.directory() / name), "ok");
    return number_in(server_.directory() / name, "SELECT count(*) FROM auth_user");
  };
  const Outcome alone = backup("alone.db");
  ASSERT_EQ(alone.exit_code, 0) << alone.err;
  EXPECT_EQ(users("alone.db"), 1);
  server_.start();
  server_.register_user("bob");
  const Outcome beside = backup("beside.db");
  ASSERT_EQ(beside.exit_code, 0) << beside.err;
  EXPECT_EQ(users("beside.db"), 2);
  EXPECT_EQ(mode_of(server_.directory() / "beside.db"), 0600u);

  // Nothing is overwritten, and a failure leaves nothing half done.
  EXPECT_NE(backup("beside.db").exit_code, 0);
  EXPECT_EQ(users("beside.db"), 2);
  const Outcome nowhere = backup("no/such/directory.db");
  EXPECT_EQ(nowhere.exit_code, kStorage);
  EXPECT_THAT(nowhere.err, HasSubstr("directory.db"));

  // A copy is a forum.
  TestServer copy({.plugins = {"auth"}, .start = false});
  fs::create_directory(copy.data_dir());
  fs::copy_file(server_.directory() / "beside.db", copy.data_dir() / "stoa.db");
  copy.start();
  EXPECT_EQ(copy.login("bob", TestServer::kPassword).nickname(), "bob");
}

TEST_F(Start, UsersAreCreatedWithAndWithoutAServer) {
  const Outcome boss = create_user("boss", true);
  ASSERT_EQ(boss.exit_code, 0) << boss.err;
  EXPECT_THAT(boss.out + boss.err, Not(HasSubstr(TestServer::kPassword)));
  server_.start();
  EXPECT_THAT(server_.output(), Not(HasSubstr("setup?token"))) << "there is an administrator";
  ASSERT_EQ(create_user("ann").exit_code, 0);
  for (const char* name : {"boss", "ann"})
    EXPECT_EQ(server_.login(name, TestServer::kPassword).nickname(), name);
  Client admin = server_.login("boss", TestServer::kPassword);
  EXPECT_EQ(admin.get("/admin/users").status, 200);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"user", "create"},
           {"user", "create", "--nickname", "ann", "--email", "other@example.test", "--password",
            TestServer::kPassword},
           {"user", "create", "--nickname", "x", "--email", "nobody", "--password", "short"},
           {"user", "create", "--nonsense", "x"},
           {"user", "destroy"}}) {
    const Outcome outcome = server_.run(words);
    EXPECT_EQ(outcome.exit_code, kUsage) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("stoa: "), Not(HasSubstr(TestServer::kPassword))));
  }
}

}  // namespace
}  // namespace stoa::harness
