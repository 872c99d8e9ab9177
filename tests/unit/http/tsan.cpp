// Pistache's library is not built for the thread sanitizer, which therefore does not see that its accepting
// thread gives up a peer by a counter, and takes the last deletion for a race.
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() {
  return "race:Pistache::Tcp::Listener::handleNewConnection\n";
}
#endif
