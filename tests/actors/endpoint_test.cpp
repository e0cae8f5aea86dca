// What the published endpoint lets in, and what it tells the control plane.

#include <vigil/caf.hpp>
#include "actors/net/endpoint.hpp"
#include "messages/session_caf.hpp"
#include "tests/actors/control_plane_world.hpp"

using namespace vigil;
using namespace vigil::test;

namespace {

/// Stands for the control plane: writes down what the endpoint reports.
class reports : public caf::event_based_actor {
public:
  reports(caf::actor_config& config, std::shared_ptr<lines> out)
    : event_based_actor(config),
      out_(std::move(out)) {
    // nop
  }

protected:
  caf::behavior make_behavior() override {
    return {
      [this](const peer_opened& x) { note("opened " + brief(x.connection)); },
      [this](const peer_message& x) {
        auto text = to_string(x.message);
        note(brief(x.connection) + ' ' + text.substr(0, text.find(' ')));
      },
      [this](const peer_closed& x) { note("closed " + brief(x.connection)); },
      [this](const dial_success& x) { note("dialled " + brief(x.connection)); },
      [this](const dial_failure& x) {
        note("failed " + std::string{to_string(x.why.code)});
      },
    };
  }

private:
  void note(std::string x) {
    out_->push_back(std::move(x));
  }

  std::shared_ptr<lines> out_;
};

struct endpoint_world {
  explicit endpoint_world(bool introduced = true) {
    if (introduced)
      introduce();
  }

  ~endpoint_world() {
    tell(endpoint_stop{});
    for (const auto& x : {plane, stranger, other, another})
      caf::anon_send_exit(x, caf::exit_reason::kill);
    for (const auto& x : {other, another})
      caf::anon_send(x, endpoint_stop{});
    coordinator.run();
  }

  endpoint_world(const endpoint_world&) = delete;

  endpoint_world& operator=(const endpoint_world&) = delete;

  void introduce() {
    tell(control_plane_hello{plane});
  }

  template <class T>
  void tell(T x) {
    caf::anon_send(subject, std::move(x));
    coordinator.run();
  }

  template <class T>
  void tell_as(const caf::actor& sender, T x) {
    caf::send_as(sender, subject, std::move(x));
    coordinator.run();
  }

  lines take() {
    return std::exchange(*told, {});
  }

  testing_config config;
  caf::actor_system system{config};
  caf::scheduler::test_coordinator& coordinator
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  std::shared_ptr<lines> told = std::make_shared<lines>();
  std::shared_ptr<recorder::book> notes = std::make_shared<recorder::book>();
  caf::actor plane = system.spawn<reports>(told);
  caf::actor subject = system.spawn<endpoint>();
  /// Endpoints of other nodes of the program.
  caf::actor other = system.spawn<endpoint>();
  caf::actor another = system.spawn<endpoint>();
  caf::actor stranger = system.spawn<recorder>(notes);
};

caf::strong_actor_ptr pointer(const caf::actor& x) {
  return caf::actor_cast<caf::strong_actor_ptr>(x);
}

} // namespace

TEST_CASE("messages from nobody and from other local actors are dropped") {
  endpoint_world w;
  w.tell(hello{});
  w.tell(frame{});
  w.tell_as(w.stranger, hello{});
  w.tell_as(w.stranger, goodbye{});
  w.tell_as(w.plane, tick{});
  CHECK(w.take().empty());
}

TEST_CASE("requests to the control plane are dropped by the endpoint") {
  endpoint_world w;
  w.tell_as(w.other, monitor_request{proc(node_a, 2), proc(node_a, 1)});
  w.tell_as(w.other, exit_report{proc(node_a, 1), atom("boom")});
  w.tell_as(w.other, disconnect_request{node_b});
  w.tell_as(w.other, stop_order{});
  w.tell_as(w.other, peer_closed{connection_id{1}});
  CHECK(w.take().empty());
}

TEST_CASE("what the endpoint does not know is dropped") {
  endpoint_world w;
  w.tell_as(w.other, std::string{"what is this"});
  w.tell_as(w.other, 42);
  CHECK(w.take().empty());
}

TEST_CASE("what CAF itself acts upon does not end the endpoint") {
  endpoint_world w;
  w.tell_as(w.other, tick{});
  CHECK_LINES(w.take(), {"opened c1", "c1 tick"});
  // Another node can send all of these.
  w.tell_as(w.another, caf::make_message(caf::exit_msg{
                         w.another.address(), caf::exit_reason::kill}));
  w.tell(caf::exit_msg{w.subject.address(), caf::exit_reason::kill});
  w.tell(caf::make_error(caf::sec::runtime_error));
  w.tell(caf::down_msg{w.other.address(), caf::exit_reason::kill});
  CHECK(w.take().empty());
  w.tell_as(w.other, tick{});
  CHECK_LINES(w.take(), {"c1 tick"});
}

TEST_CASE("each other endpoint is one connection, announced once") {
  endpoint_world w;
  w.tell_as(w.other, hello{});
  w.tell_as(w.another, frame{});
  w.tell_as(w.other, goodbye{});
  CHECK_LINES(w.take(),
              {"opened c1", "c1 hello", "opened c2", "c2 frame", "c1 goodbye"});
}

TEST_CASE("every session message is passed on") {
  endpoint_world w;
  w.tell_as(w.other, hello{});
  w.tell_as(w.other, frame{});
  w.tell_as(w.other, tick{});
  w.tell_as(w.other, probe{});
  w.tell_as(w.other, probe_reply{});
  w.tell_as(w.other, goodbye{});
  w.tell_as(w.other, goodbye_ack{});
  CHECK_LINES(w.take(),
              {"opened c1", "c1 hello", "c1 frame", "c1 tick", "c1 probe",
               "c1 probe_reply", "c1 goodbye", "c1 goodbye_ack"});
}

TEST_CASE("the end of the other endpoint closes the connection once") {
  endpoint_world w;
  w.tell_as(w.other, tick{});
  w.take();
  caf::anon_send(w.other, endpoint_stop{});
  w.coordinator.run();
  CHECK_LINES(w.take(), {"closed c1"});
  w.tell(connection_lost{caf::actor_cast<caf::weak_actor_ptr>(w.other)});
  CHECK(w.take().empty());
}

TEST_CASE("the outcome of a dial reaches the control plane with a connection") {
  endpoint_world w;
  w.tell(dial_outcome{dial_id{1}, nullptr, {errc::refused, {}}});
  CHECK_LINES(w.take(), {"failed refused"});
  w.tell(dial_outcome{dial_id{2}, pointer(w.other), {}});
  CHECK_LINES(w.take(), {"opened c1", "dialled c1"});
  // The same proxy is the same connection.
  w.tell(dial_outcome{dial_id{3}, pointer(w.other), {}});
  CHECK_LINES(w.take(), {"dialled c1"});
}

TEST_CASE("a dial that led to an actor which is gone is a closed connection") {
  endpoint_world w;
  caf::anon_send(w.other, endpoint_stop{});
  w.coordinator.run();
  w.tell(dial_outcome{dial_id{1}, pointer(w.other), {}});
  CHECK_LINES(w.take(), {"opened c1", "dialled c1", "closed c1"});
}

TEST_CASE("a program that speaks as ever new actors gets no further than its "
          "share") {
  endpoint_world w;
  std::vector<caf::actor> crowd;
  for (size_t i = 0; i <= max_connections_per_program; ++i) {
    crowd.push_back(w.system.spawn<endpoint>());
    w.tell_as(crowd.back(), tick{});
  }
  // Two lines each, nothing for the last.
  CHECK(w.take().size() == 2 * max_connections_per_program);
  w.tell(dial_outcome{dial_id{1}, pointer(crowd.back()), {}});
  CHECK_LINES(w.take(), {"failed system_limit"});
  // Those who are known go on, and whoever leaves makes room.
  w.tell_as(crowd.front(), tick{});
  CHECK_LINES(w.take(), {"c1 tick"});
  caf::anon_send(crowd.front(), endpoint_stop{});
  w.coordinator.run();
  CHECK_LINES(w.take(), {"closed c1"});
  w.tell_as(crowd.back(), tick{});
  CHECK_LINES(w.take(), {"opened c1025", "c1025 tick"});
  for (const auto& x : crowd)
    caf::anon_send(x, endpoint_stop{});
  w.coordinator.run();
}

TEST_CASE("nothing is passed on before the control plane is known") {
  endpoint_world w{false};
  w.tell_as(w.other, tick{});
  CHECK(w.take().empty());
  w.introduce();
  w.tell_as(w.other, tick{});
  CHECK_LINES(w.take(), {"opened c1", "c1 tick"});
}
