/* Loads the shared objects that the command line names and runs each of them.
 */

#include <dlfcn.h>
#include <stdio.h>

typedef int (*function)(void);

int main(int argc, char** argv) {
  int i;
  for (i = 1; i < argc; ++i) {
    /* Global: the next one sees what this one shows. */
    void* object = dlopen(argv[i], RTLD_NOW | RTLD_GLOBAL);
    function run = NULL;
    if (object != NULL)
      *(void**) &run = dlsym(object, "run_a_node");
    if (run == NULL) {
      fprintf(stderr, "%s\n", dlerror());
      return 1;
    }
    if (run() != 0)
      return 1;
  }
  return argc > 1 ? 0 : 1;
}
