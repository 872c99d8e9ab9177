#include "backend.hpp"

#include <sys/socket.h>
#include <unistd.h>

namespace stoa::core::realtime::testing {
namespace {

using Handshake = HubTest;

TEST_F(Handshake, AnswersWithTheAcceptKeyAndWelcome) {
  backend.append({"posts"});
  start();
  const auto [server, peer] = make_sockets();
  Client client(peer);
  hub->accept(server, upgrade_request(), {}, member(7));
  const std::string head = client.read_head();
  EXPECT_TRUE(head.starts_with("HTTP/1.1 101 "));
  EXPECT_NE(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
  const Message welcome = client.next();
  EXPECT_EQ(welcome.op(), "welcome");
  EXPECT_EQ(welcome.seq(), 1U);
  EXPECT_EQ(welcome.number("heartbeat_s"), 30);
  EXPECT_FALSE(welcome.text("connection").empty());
  EXPECT_EQ((*welcome.json)["user"]["id"].GetInt(), 7);
  EXPECT_STREQ((*welcome.json)["user"]["nickname"].GetString(), "user7");
  EXPECT_STREQ((*welcome.json)["user"]["role"].GetString(), "member");
}

TEST_F(Handshake, NobodyIsWelcomedAsNull) {
  start();
  Client client(*hub, std::nullopt);
  EXPECT_TRUE((*client.next().json)["user"].IsNull());
}

TEST_F(Handshake, BytesBehindTheRequestAreReadFirst) {
  start();
  const std::string frame = text_frame(R"({"id":5,"op":"ping"})");
  Client client(*hub, std::nullopt, frame + frame.substr(0, 9));
  client.send_bytes(std::string_view(frame).substr(9));
  EXPECT_EQ(client.next().op(), "welcome");
  EXPECT_EQ(client.next().number("id"), 5);
  EXPECT_EQ(client.next().number("id"), 5);
}

TEST_F(Handshake, WrongRequestsAreRefused) {
  start();
  std::string no_key = upgrade_request();
  no_key.replace(no_key.find("Sec-WebSocket-Key"), 17, "Sec-WebSocket-Koy");
  for (const std::string& request :
       {no_key, std::string("nonsense\r\n\r\n"), std::string("GET / HTTP/1.1\r\n")}) {
    const auto [server, peer] = make_sockets();
    Client client(peer);
    hub->accept(server, request, {}, std::nullopt);
    EXPECT_TRUE(client.read_head().starts_with("HTTP/1.1 400 ")) << request;
    client.read_all();
  }
  EXPECT_TRUE(eventually([&] { return hub->stats().connections == 0; }));
}

TEST_F(Handshake, AtMostSoManyOfOneUser) {
  options.connections_per_user = 1;
  start();
  Client first = client(1);
  const auto [server, peer] = make_sockets();
  Client second(peer);
  hub->accept(server, upgrade_request(), {}, member(1));
  EXPECT_TRUE(second.read_head().starts_with("HTTP/1.1 503 "));
  EXPECT_NE(second.read_all().find("overloaded"), std::string::npos);
  EXPECT_TRUE(client(2).quiet());
  first.disconnect();
  EXPECT_TRUE(eventually([&] { return hub->stats().connections == 0; }));
  EXPECT_TRUE(client(1).quiet());
}

TEST_F(Handshake, AtMostSoManyAltogether) {
  options.max_connections = 1;
  start();
  Client first = client();
  const auto [server, peer] = make_sockets();
  Client second(peer);
  hub->accept(server, upgrade_request(), {}, std::nullopt);
  EXPECT_TRUE(second.read_head().starts_with("HTTP/1.1 503 "));
}

TEST_F(Handshake, TheDescriptorIsTheHubsInAnyCase) {
  const auto [early, early_peer] = make_sockets();
  const auto [late, late_peer] = make_sockets();
  Client first(early_peer);
  Client second(late_peer);
  hub = Hub::create(options, backend);
  hub->accept(early, upgrade_request(), {}, std::nullopt);
  hub->stop(1012);
  hub->accept(late, upgrade_request(), {}, std::nullopt);
  EXPECT_EQ(first.read_all(), "");
  EXPECT_EQ(second.read_all(), "");
}

TEST_F(Handshake, StopClosesEveryConnection) {
  start();
  std::vector<Client> clients;
  for (int i = 0; i < 20; ++i) clients.push_back(client(i));
  Client unread = client(99);
  std::thread stopper([&] { hub->stop(1012); });
  for (Client& open : clients) EXPECT_EQ(open.close_code(), 1012);
  stopper.join();
  hub->stop(1012);
  EXPECT_EQ(unread.close_code(), 1012);
  EXPECT_EQ(hub->stats().connections, 0U);
  EXPECT_EQ(hub->presence(1), Presence::offline);
}

TEST_F(Handshake, AThousandConnectionsGetOneEvent) {
  start();
  std::vector<Client> clients;
  for (int i = 0; i < 1000; ++i) clients.push_back(subscriber(member(i % 100), "posts"));
  EXPECT_EQ(hub->stats().connections, 1000U);
  EXPECT_EQ(hub->stats().channels, 102U);
  const auto seq = backend.emit({"posts"});
  for (Client& open : clients) EXPECT_EQ(open.next("event").seq(), seq);
  EXPECT_EQ(hub->stats().delivered, 1000U);
  clients.clear();
  EXPECT_TRUE(eventually([&] { return hub->stats().connections == 0 && hub->stats().channels == 0; }));
}

}  // namespace
}  // namespace stoa::core::realtime::testing
