// Feeds files, and all files of folders, to a fuzz target; in builds by any
// compiler.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name for it.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

void replay(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string content{std::istreambuf_iterator<char>{in}, {}};
  // Said before, because a finding ends the program.
  std::cout << file.string() << ", " << content.size() << " bytes" << std::endl;
  // A copy of just this size, so that a sanitizer sees each read beyond it.
  std::vector<uint8_t> bytes(content.begin(), content.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

} // namespace

int main(int argc, char** argv) {
  size_t count = 0;
  for (auto i = 1; i < argc; ++i) {
    std::filesystem::path path{argv[i]};
    if (!std::filesystem::is_directory(path)) {
      replay(path);
      ++count;
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator{path}) {
      replay(entry.path());
      ++count;
    }
  }
  if (count == 0) {
    std::cerr << "there is nothing to replay\n";
    return EXIT_FAILURE;
  }
  std::cout << count << " inputs replayed\n";
}
