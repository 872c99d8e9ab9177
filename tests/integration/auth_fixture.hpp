// What the tests of accounts share.
#pragma once

#include <gmock/gmock.h>

#include <string>

#include "harness/harness.hpp"

namespace stoa::harness {

inline const std::string kPassword = TestServer::kPassword;

inline ServerOptions auth_only() {
  return {.plugins = {"auth"}};
}

inline std::string login_body(const std::string& login, const std::string& password = kPassword) {
  return object({{"login", login}, {"password", password}});
}

// One server for the tests that only add accounts of their own.
class AuthTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new TestServer(auth_only());
    admin_ = new Client(server_->create_admin("boss"));
  }
  static void TearDownTestSuite() {
    delete admin_;
    delete server_;
  }
  TestServer& server = *server_;
  Client& admin = *admin_;

 private:
  inline static TestServer* server_ = nullptr;
  inline static Client* admin_ = nullptr;
};

}  // namespace stoa::harness
