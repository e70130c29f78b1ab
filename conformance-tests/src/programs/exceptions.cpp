// C++ exceptions: through frames with destructors, rethrown, nested, by base, out of constructors.
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

namespace {

struct Tracer {
  explicit Tracer(const char* name) : name(name) { std::printf("+%s ", name); }
  Tracer(const Tracer& other) : name(other.name) { std::printf("=%s ", name); }
  ~Tracer() { std::printf("-%s ", name); }
  const char* name;
};

struct Base {
  virtual ~Base() = default;
  virtual const char* what() const { return "base"; }
};
struct Left : virtual Base {
  int left = 1;
};
struct Right : virtual Base {
  const char* what() const override { return "right"; }
  int right = 2;
};
struct Both : Left, Right {
  long both = 3;
};

[[gnu::noinline]] void thrower(int kind) {
  Tracer local("thrower");
  switch (kind) {
    case 0:
      throw 42;
    case 1:
      throw std::string("text");
    case 2:
      throw std::out_of_range("range");
    case 3:
      throw Both();
    case 4:
      throw "literal";
    case 5:
      throw 2.5;
    case 6:
      throw Right();
    case 7:
      throw static_cast<Base*>(nullptr);
  }
}

[[gnu::noinline]] double through(int kind, int depth, double a, long b) {
  Tracer local("through");
  if (depth == 0) {
    thrower(kind);
    return a + static_cast<double>(b);
  }
  double result = through(kind, depth - 1, a * 1.5, b + depth);
  return result + a;
}

[[gnu::noinline]] void catcher(int kind) {
  double kept = 1.25;
  long also = 17;
  try {
    kept += through(kind, 2, kept, also);
    std::printf("returned %g", kept);
  } catch (int i) {
    std::printf("int %d", i);
  } catch (const std::string& s) {
    std::printf("string %s", s.c_str());
  } catch (const std::logic_error& e) {
    std::printf("logic_error %s", e.what());
  } catch (const Left& l) {
    std::printf("left %d %s", l.left, l.what());
  } catch (Base& b) {
    std::printf("base %s", b.what());
  } catch (const char* text) {
    std::printf("chars %s", text);
  } catch (Base* p) {
    std::printf("pointer %d", p == nullptr);
  } catch (...) {
    std::printf("other");
  }
  std::printf(" %g %ld\n", kept, also);
}

struct Member {
  Member(const char* name, bool fail) : tracer(name) {
    if (fail) throw std::runtime_error(name);
  }
  Tracer tracer;
};
struct Whole {
  explicit Whole(int failing) try
      : a("a", failing == 1), b("b", failing == 2), c("c", failing == 3) {
    std::printf("whole ");
  } catch (const std::exception& e) {
    std::printf("failed at %s ", e.what());
  }
  Member a, b, c;
};

[[gnu::noinline]] void nested() {
  try {
    try {
      throw std::runtime_error("inner");
    } catch (...) {
      std::throw_with_nested(std::logic_error("outer"));
    }
  } catch (const std::exception& e) {
    std::printf("%s", e.what());
    try {
      std::rethrow_if_nested(e);
    } catch (const std::exception& inner) {
      std::printf(" from %s\n", inner.what());
    }
  }
}

[[gnu::noinline]] void rethrow(int depth) {
  try {
    if (depth == 0) throw depth;
    rethrow(depth - 1);
  } catch (int& i) {
    i += depth;
    if (depth == 5) {
      std::printf("rethrown %d\n", i);
    } else {
      throw;
    }
  }
}

std::exception_ptr kept() {
  try {
    throw Both();
  } catch (...) {
    return std::current_exception();
  }
}

struct InDestructor {
  ~InDestructor() {
    try {
      throw 1;
    } catch (int) {
      std::printf("while unwinding %d ", std::uncaught_exceptions());
    }
  }
};

int static_tries = 0;
int initialise() {
  if (++static_tries < 3) throw static_tries;
  return static_tries * 100;
}
int guarded() {
  static int value = initialise();
  return value;
}

thread_local std::vector<int> per_thread = {1, 2, 3};

}  // namespace

int main() {
  for (int kind = 0; kind <= 8; kind++) {
    catcher(kind);
  }
  for (int failing = 0; failing <= 3; failing++) {
    try {
      Whole whole(failing);
    } catch (const std::exception& e) {
      std::printf("again %s ", e.what());
    }
    std::printf("\n");
  }
  nested();
  rethrow(5);
  try {
    std::rethrow_exception(kept());
  } catch (const Right& r) {
    std::printf("kept %d %s %d\n", r.right, r.what(), dynamic_cast<const Left*>(&r) != nullptr);
  }
  try {
    InDestructor d;
    throw 2.0;
  } catch (double d) {
    std::printf("%g\n", d);
  }
  for (int i = 0; i < 4; i++) {
    try {
      std::printf("guarded %d\n", guarded());
    } catch (int tries) {
      std::printf("guarded failed %d\n", tries);
    }
  }
  try {
    std::vector<int> v(3);
    v.at(static_cast<size_t>(per_thread[2]));
  } catch (const std::out_of_range&) {
    std::printf("at\n");
  }
  try {
    Base base;
    (void)dynamic_cast<Both&>(base);
  } catch (const std::bad_cast&) {
    std::printf("bad cast\n");
  }
  try {
    std::function<int()> empty;
    empty();
  } catch (const std::bad_function_call&) {
    std::printf("empty function\n");
  }
  try {
    volatile size_t huge = SIZE_MAX / 2;
    std::unique_ptr<char[]> p(new char[huge]);
    std::printf("allocated %d\n", p[0]);
  } catch (const std::bad_alloc&) {
    std::printf("bad alloc\n");
  }
  int thrown = 0;
  for (int i = 0; i < 500; i++) {
    try {
      if (i % 3) throw i;
    } catch (int n) {
      thrown += n;
    }
  }
  std::printf("thrown %d\n", thrown);
  std::set_terminate([] {
    std::printf("terminated\n");
    std::fflush(stdout);
    std::abort();
  });
  []() noexcept { thrower(5); }();
}
