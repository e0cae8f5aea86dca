#pragma once

#include <vigil/creation.hpp>
#include <vigil/node_name.hpp>
#include <vigil/notices.hpp>
#include <vigil/pid.hpp>
#include <vigil/reference.hpp>
#include <vigil/target.hpp>

#include <string>

namespace vigil {

// Pids, references and DOWNs as Erlang's terms, for runtimes that hand such
// terms to their processes. All functions may be called from any thread.
//
// `to_external` returns one whole term in Erlang's external format, which
// starts with the version byte 131. `append_external` appends the same bytes to
// `out`, so that a text which is used again and again costs no allocation.
// Everything handed in must be `valid`: of a pid that is none comes a term that
// is none.

/// Returns a NEW_PID_EXT: number and serial are Erlang's ID and Serial.
std::string to_external(const pid& x);

/// Appends the same to `out`.
void append_external(std::string& out, const pid& x);

/// Returns a NEWER_REFERENCE_EXT with the node that made the reference and this
/// life of it. Its ID has three words: the lower 32 bits, the upper 28, and 0.
/// OTP 24 and later take any such words; their limit of 18 bits for the first
/// is one of older formats.
std::string to_external(reference x, node_name self, creation life);

/// Appends the same to `out`.
void append_external(std::string& out, reference x, node_name self,
                     creation life);

/// Returns a pid, or the tuple `{Name, Node}` of two atoms.
std::string to_external(const target& x);

/// Appends the same to `out`.
void append_external(std::string& out, const target& x);

/// Returns `{'DOWN', Ref, process, Object, Reason}`: the reference as one of
/// the node `self` in this life, which is the watcher's own, the object as it
/// was monitored, and the bytes of the reason as they came. The term nests one
/// level deeper than its reason.
std::string to_external(const down& x, node_name self, creation life);

/// Appends the same to `out`.
void append_external(std::string& out, const down& x, node_name self,
                     creation life);

} // namespace vigil
