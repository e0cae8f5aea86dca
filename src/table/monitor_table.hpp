#pragma once

#include <vigil/core/monitor.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>
#include "src/table/leaving_run.hpp"
#include "src/table/name_pool.hpp"
#include "src/table/packed_number.hpp"
#include "src/table/party_slab.hpp"
#include "src/table/run_index.hpp"
#include "src/table/slab.hpp"
#include "src/table/slot_ring.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace vigil {

/// All monitors of one node: those its own processes hold ("outbound", by
/// reference, by watcher and by the target's node) and those that are held on
/// its processes ("inbound", by target and by the watcher's node). A monitor
/// between two processes of the node is in both halves.
///
/// Every operation takes constant time, or time in proportion to what it
/// returns or removes, however many monitors there are. With a million monitors
/// one takes 34 to 39 bytes at the watcher's side and 43 to 48 at the target's,
/// all indexes included: the more if each watcher or target has but one. A peer
/// that chooses its references for that can make one of its own take 82 bytes,
/// or 128 if it also finds as many processes that lie so.
///
/// Thread-safety: none; owned by a control plane.
class monitor_table {
public:
  static constexpr size_t no_limit = std::numeric_limits<size_t>::max();

  /// Creates an empty table for the node `self` in its life `life`.
  monitor_table(node_name self, creation life);

  monitor_table(const monitor_table&) = delete;

  monitor_table& operator=(const monitor_table&) = delete;

  // -- the watcher's half -----------------------------------------------------

  /// Records that `watcher`, a process of this node, monitors `object`.
  /// @pre no monitor with this reference is recorded
  void monitor_remote(const pid& watcher, const target& object, reference ref);

  /// Removes the monitor and returns its object. Finds nothing, and changes
  /// nothing, if the reference is unknown or belongs to another watcher.
  std::optional<target> demonitor_remote(const pid& watcher, reference ref);

  /// What an exit report met.
  enum class exit_match {
    /// The monitor it names; the record is gone now.
    taken,
    /// No monitor: it crossed a demonitor or the watcher's end.
    unknown,
    /// A monitor that the sender has no right to end, or that is not as the
    /// report says; nothing was changed.
    mismatch,
  };

  /// Takes the monitor that an exit report of `sender` ends. Matches the
  /// reference, the sender, the object and the watcher.
  exit_match take_outbound_for_exit(node_name sender, const target& object,
                                    const pid& watcher, reference ref);

  /// The end of all monitors between this node and another that there are when
  /// it begins. It takes as many portions as it needs.
  struct node_sweep {
    node_name node;
    reference newest{};
    sweep_number number{};
  };

  /// Begins such an end. Several may go on at once, also for one node: each of
  /// its monitors ends with one of them.
  node_sweep begin_sweep(node_name node) noexcept;

  /// Goes on with the outbound ones: removes them, `limit` at most, and appends
  /// a DOWN for each to `out`, with the reason and what follows it in `like`.
  /// What one call appends is in the order of its references; which monitors a
  /// limit leaves for the next call is not promised. Looks at few more records
  /// than the limit.
  sweep_portion end_outbound_for_node(const node_sweep& x, const down& like,
                                      std::vector<down_notice>& out,
                                      size_t limit = no_limit);

  /// Goes on with the inbound ones: drops them, `limit` at most.
  /// @pre no new one is recorded meanwhile
  sweep_portion remove_inbound_for_watcher_node(const node_sweep& x,
                                                size_t limit = no_limit);

  /// Returns the monitor that is recorded under a reference.
  std::optional<outbound_monitor> find_outbound(reference ref) const;

  /// Appends the monitors whose target is on `node` to `out`, in the order of
  /// their references, and keeps them.
  void list_outbound_for_node(node_name node,
                              std::vector<outbound_monitor>& out) const;

  /// Removes the monitors that `watcher` holds, at most `limit` of them,
  /// appends them to `out`, and returns how many.
  size_t remove_outbound_for_watcher(const pid& watcher,
                                     std::vector<outbound_monitor>& out,
                                     size_t limit = no_limit);

  /// Returns the monitors that `watcher` holds, oldest first.
  std::vector<outbound_monitor> monitors(const pid& watcher) const;

  // -- the target's half ------------------------------------------------------

  /// What is recorded under a reference of one life of the watcher's node,
  /// which uses it once.
  enum class inbound_match {
    /// Nothing.
    unknown,
    /// The same watcher and object.
    repeated,
    /// Another watcher or object.
    conflicting,
  };

  /// Records that `watcher` monitors the local process `process`, which it
  /// named as `object`, if the reference is unknown; otherwise changes nothing.
  /// Returns what was recorded before.
  /// @pre `object` is `process`, or a name of this node
  inbound_match register_inbound_monitor(const pid& watcher,
                                         const target& object, reference ref,
                                         const pid& process);

  /// Returns what is recorded.
  inbound_match match_inbound_monitor(const pid& watcher, const target& object,
                                      reference ref) const;

  /// Returns whether the monitor is recorded.
  bool has_inbound_monitor(const pid& watcher, const target& object,
                           reference ref) const {
    return match_inbound_monitor(watcher, object, ref)
           == inbound_match::repeated;
  }

  /// Removes a monitor; returns false if there is none.
  bool remove_inbound_monitor(const pid& watcher, const target& object,
                              reference ref);

  /// Removes the monitors on the local process `process`, oldest first and at
  /// most `limit` of them, appends them to `out`, and returns how many.
  size_t collect_inbound_for_target(const pid& process,
                                    std::vector<inbound_monitor>& out,
                                    size_t limit = no_limit);

  /// Returns the watchers of the local process `process`, one entry a monitor,
  /// oldest first.
  std::vector<pid> monitored_by(const pid& process) const;

  // -- sizes ------------------------------------------------------------------

  size_t num_outbound() const noexcept {
    return outbound_.size();
  }

  size_t num_inbound() const noexcept {
    return inbound_.size();
  }

  size_t num_outbound(node_name node) const {
    return outbound_.size(node);
  }

  size_t num_inbound(node_name node) const {
    return inbound_.size(node);
  }

  /// Returns whether the table and all its indexes are empty.
  bool empty() const noexcept;

private:
  /// A process of this life of this node: its `local_number`.
  enum class local_id : uint64_t {};

  /// Belongs to the party of its target.
  struct outbound_record {
    reference ref;
    local_id watcher;
    uint64_t target_id;
    ring_links by_watcher;
  };

  /// Belongs to the party of its watcher.
  struct inbound_record {
    packed_number ref;
    packed_number watcher;
    /// The process itself, also if it was named.
    packed_number process;
    /// Number of the name by which it was monitored; `no_name` if by pid.
    uint32_t name;
    ring_links by_target;
  };

  static_assert(sizeof(outbound_record) == 32 && sizeof(inbound_record) == 36);

  static constexpr uint32_t no_name = 0xFFFFFFFF;

  using outbound_records = party_slab<outbound_record>;

  using inbound_records = party_slab<inbound_record>;

  /// What identifies an inbound monitor. The watcher and the object must not be
  /// part of it: a peer could use one reference with as many of them as it
  /// likes, and all would meet in one place of the index.
  struct foreign_ref {
    reference ref;
    slot party;

    friend bool operator==(const foreign_ref& x,
                           const foreign_ref& y) noexcept {
      return x.ref == y.ref && x.party == y.party;
    }
  };

  struct ref_key {
    static reference of(const outbound_records& records, slot x) noexcept {
      return records[x].ref;
    }

    static run_position position(reference x) noexcept {
      return {to_integer(x), 0};
    }
  };

  struct watcher_key {
    static local_id of(const outbound_records& records, slot x) noexcept {
      return records[x].watcher;
    }

    static run_position position(local_id x) noexcept {
      return {static_cast<uint64_t>(x), 0};
    }
  };

  struct foreign_ref_key {
    static foreign_ref of(const inbound_records& records, slot x) noexcept {
      return {reference{records[x].ref.value()}, records.party_number(x)};
    }

    static run_position position(const foreign_ref& x) noexcept {
      return {to_integer(x.ref), static_cast<uint32_t>(x.party)};
    }
  };

  struct process_key {
    static local_id of(const inbound_records& records, slot x) noexcept {
      return local_id{records[x].process.value()};
    }

    static run_position position(local_id x) noexcept {
      return {static_cast<uint64_t>(x), 0};
    }
  };

  using ref_index = run_index<outbound_records, ref_key>;
  using watcher_index = run_index<outbound_records, watcher_key>;
  using foreign_ref_index = run_index<inbound_records, foreign_ref_key>;
  using process_index = run_index<inbound_records, process_key>;

  using watcher_ring = slot_ring<outbound_records, outbound_record,
                                 &outbound_record::by_watcher>;
  using target_ring
    = slot_ring<inbound_records, inbound_record, &inbound_record::by_target>;

  using leaving_outbound
    = leaving_run<outbound_records, watcher_ring, watcher_index, ref_index>;

  using leaving_inbound = leaving_run<inbound_records, target_ring,
                                      process_index, foreign_ref_index>;

  bool is_local(const pid& x) const noexcept;

  pid local_pid(local_id id) const noexcept;

  /// Returns the object of an outbound monitor.
  target object_of(slot x) const;

  bool is_object(slot x, const target& object) const;

  outbound_monitor describe_outbound(slot x) const;

  inbound_monitor describe_inbound(slot x) const;

  /// Returns where the reference of the watcher's node is recorded, for
  /// whatever watcher and object.
  foreign_ref_index::place locate_inbound(const pid& watcher,
                                          reference ref) const;

  /// Returns whether a record of the watcher's node has this watcher and
  /// object.
  bool is_inbound(slot x, const pid& watcher, const target& object) const;

  /// Lets go of the name by which a record's target was monitored, if any.
  /// @{
  void release_object(slot outbound);

  void release_name(slot inbound);
  /// @}

  void erase_outbound(ref_index::place where);

  void erase_inbound(foreign_ref_index::place where);

  node_name self_;
  creation life_;
  name_pool names_;
  /// The greatest reference that was ever recorded.
  reference newest_ = first_reference;
  sweep_number last_sweep_{};
  outbound_records outbound_;
  ref_index by_ref_;
  watcher_index by_watcher_;
  inbound_records inbound_;
  foreign_ref_index by_foreign_ref_;
  process_index by_target_;
};

} // namespace vigil
