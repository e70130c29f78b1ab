// C++ at run time: virtual calls, multiple inheritance, member pointers, templates, containers.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <typeinfo>
#include <variant>
#include <vector>

namespace {

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
  virtual Shape* grown(double by) const = 0;
  virtual int corners() const { return 0; }
};
struct Named {
  explicit Named(std::string name) : name(std::move(name)) {}
  virtual ~Named() = default;
  virtual std::string label() const { return name; }
  std::string name;
};
struct Circle final : Shape {
  explicit Circle(double r) : r(r) {}
  double area() const override { return 3 * r * r; }
  Circle* grown(double by) const override { return new Circle(r * by); }
  double r;
};
struct Box : Named, Shape {
  Box(std::string name, double w, double h) : Named(std::move(name)), w(w), h(h) {}
  double area() const override { return w * h; }
  Box* grown(double by) const override { return new Box(name + "+", w * by, h * by); }
  int corners() const override { return 4; }
  std::string label() const override { return "box " + name; }
  double w, h;
};
struct Square : Box {
  explicit Square(double a) : Box("square", a, a) {}
  double area() const override { return Box::area() + 0.5; }
};

template <typename T, size_t N>
struct Matrix {
  std::array<std::array<T, N>, N> v{};
  Matrix operator*(const Matrix& o) const {
    Matrix r;
    for (size_t i = 0; i < N; i++)
      for (size_t j = 0; j < N; j++)
        for (size_t k = 0; k < N; k++) r.v[i][j] += v[i][k] * o.v[k][j];
    return r;
  }
};
template <typename T, size_t N>
Matrix<T, N> power(Matrix<T, N> base, unsigned n) {
  Matrix<T, N> result;
  for (size_t i = 0; i < N; i++) result.v[i][i] = 1;
  for (; n; n >>= 1, base = base * base)
    if (n & 1) result = result * base;
  return result;
}

template <typename... T>
auto sum(T... values) {
  return (values + ... + 0);
}

struct Counter {
  int add(int n) { return total += n; }
  int twice(int n) { return total += 2 * n; }
  virtual int thrice(int n) { return total += 3 * n; }
  virtual ~Counter() = default;
  int total = 0;
  int other = 7;
};

struct Moved {
  Moved() { ++alive; }
  Moved(const Moved&) { ++alive, ++copies; }
  Moved(Moved&&) noexcept { ++alive, ++moves; }
  Moved& operator=(const Moved&) = default;
  ~Moved() { --alive; }
  static int alive, copies, moves;
};
int Moved::alive, Moved::copies, Moved::moves;

struct Ordered {
  explicit Ordered(const char* name) : name(name) { std::printf("start %s\n", name); }
  ~Ordered() { std::printf("end %s\n", name); }
  const char* name;
};
Ordered first("first"), second("second");

void shapes() {
  std::vector<std::unique_ptr<Shape>> all;
  all.emplace_back(new Circle(2));
  all.emplace_back(new Box("b", 2, 3));
  all.emplace_back(new Square(4));
  for (size_t i = 0, n = all.size(); i < n; i++) all.emplace_back(all[i]->grown(1.5));
  for (const auto& s : all) {
    auto* named = dynamic_cast<Named*>(s.get());
    std::cout << s->area() << ' ' << s->corners() << ' ' << (named ? named->label() : "-") << ' '
              << (typeid(*s) == typeid(Box)) << '\n';
  }
}

void members() {
  Counter c;
  int (Counter::* calls[])(int) = {&Counter::add, &Counter::twice, &Counter::thrice};
  int Counter::* fields[] = {&Counter::total, &Counter::other};
  for (int i = 0; i < 9; i++) (c.*calls[i % 3])(i);
  std::cout << "members " << c.*fields[0] << ' ' << c.*fields[1] << '\n';
  std::function<int(int)> f = [&c](int n) { return c.add(n) * 2; };
  auto g = std::bind(&Counter::twice, &c, std::placeholders::_1);
  std::cout << "functions " << f(10) << ' ' << g(5) << '\n';
}

void containers() {
  std::map<std::string, int> words;
  std::istringstream in("the cat and the dog and the bird");
  for (std::string w; in >> w;) ++words[w];
  for (const auto& [word, n] : words) std::cout << word << '=' << n << ' ';
  std::vector<int> v(50);
  std::iota(v.begin(), v.end(), -10);
  uint32_t seed = 1;
  for (size_t i = v.size() - 1; i > 0; i--) {
    seed = seed * 1664525 + 1013904223;
    std::swap(v[i], v[seed % (i + 1)]);
  }
  std::vector<int> w = v;
  std::stable_sort(w.begin(), w.end(), [](int a, int b) { return a % 7 < b % 7; });
  std::sort(v.begin(), v.end(), std::greater<>());
  std::nth_element(w.begin(), w.begin() + 20, w.end());
  std::cout << v.front() << ' ' << v.back() << ' ' << w[20] << ' '
            << std::accumulate(v.begin(), v.end(), 0L) << ' '
            << std::count_if(v.begin(), v.end(), [](int x) { return x % 2 != 0; }) << '\n';
  std::set<std::tuple<int, std::string, double>> tuples = {{2, "b", 1}, {1, "z", 2}, {1, "a", 3}};
  for (const auto& [i, s, d] : tuples) std::cout << i << s << d << ' ';
  std::variant<int, double, std::string> any = 5;
  std::string seen;
  for (int i = 0; i < 3; i++) {
    std::visit(
        [&](auto&& x) {
          std::ostringstream o;
          o << x << ';';
          seen += o.str();
        },
        any);
    if (i == 0)
      any = 2.5;
    else
      any = "text";
  }
  std::optional<int> none, some = 3;
  std::cout << seen << none.value_or(-1) << some.value_or(-1) << '\n';
}

void lifetimes() {
  {
    std::vector<Moved> v;
    for (int i = 0; i < 10; i++) v.push_back(Moved());
    v.erase(v.begin() + 3);
    std::vector<Moved> w = v;
    auto shared = std::make_shared<Moved>();
    std::weak_ptr<Moved> weak = shared;
    std::cout << "lifetimes " << Moved::alive << ' ' << Moved::copies << ' ' << weak.use_count();
    shared.reset();
    std::cout << ' ' << weak.expired() << ' ' << Moved::alive;
  }
  std::cout << ' ' << Moved::alive << '\n';
}

void streams() {
  std::cout << std::hex << std::showbase << 255 << ' ' << std::dec << std::setw(8)
            << std::setfill('*') << -42 << ' ' << std::fixed << std::setprecision(3) << 3.14159
            << ' ' << std::scientific << 12345.678 << ' ' << std::boolalpha << true << ' '
            << std::defaultfloat << 1e-7 << '\n';
  std::istringstream in("12 0x1f 3.5e2 word x");
  int a = 0, b = 0;
  double d = 0;
  std::string s;
  in >> a >> std::hex >> b >> d >> s >> a;
  std::cout << std::noshowbase << std::dec << a << ' ' << b << ' ' << d << ' ' << s << ' '
            << in.fail() << '\n';
}

}  // namespace

int main() {
  shapes();
  members();
  containers();
  lifetimes();
  streams();
  Matrix<uint64_t, 2> fibonacci;
  fibonacci.v = {{{1, 1}, {1, 0}}};
  std::cout << "fibonacci " << power(fibonacci, 90).v[0][1] << '\n';
  Matrix<double, 3> rotate;
  rotate.v = {{{0.5, -0.5, 0}, {0.5, 0.5, 0}, {0, 0, 1}}};
  std::cout << "matrix " << power(rotate, 12).v[0][0] << ' ' << sum(1, 2.5, 3L, 'a') << std::endl;
  return 7;
}
