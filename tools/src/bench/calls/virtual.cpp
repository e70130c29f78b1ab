/* Virtual functions of C++: shapes of four kinds in an order that is hard to predict, and a tree of expressions. */
#include "../rounds.h"

namespace {

#define SHAPES 4096

struct Shape {
  int64_t a, b;
  Shape(int64_t a, int64_t b) : a(a), b(b) {}
  virtual ~Shape() {}
  virtual int64_t area() const = 0;
  virtual void grow(int64_t by) { a = (a + by) & 0xffff; }
};

struct Square : Shape {
  using Shape::Shape;
  int64_t area() const override { return a * a; }
};

struct Rectangle : Shape {
  using Shape::Shape;
  int64_t area() const override { return a * b; }
};

struct Triangle : Shape {
  using Shape::Shape;
  int64_t area() const override { return a * b / 2; }
  void grow(int64_t by) override { b = (b + by) & 0xffff; }
};

struct Frame : Shape {
  using Shape::Shape;
  int64_t area() const override { return (a + 2) * (b + 2) - a * b; }
};

struct Expression {
  virtual ~Expression() {}
  virtual int64_t value(int64_t x) const = 0;
};

struct Constant : Expression {
  int64_t number;
  Constant(int64_t number) : number(number) {}
  int64_t value(int64_t) const override { return number; }
};

struct Variable : Expression {
  int64_t value(int64_t x) const override { return x; }
};

struct Sum : Expression {
  Expression *left, *right;
  Sum(Expression *left, Expression *right) : left(left), right(right) {}
  int64_t value(int64_t x) const override { return left->value(x) + right->value(x); }
};

struct Product : Expression {
  Expression *left, *right;
  Product(Expression *left, Expression *right) : left(left), right(right) {}
  int64_t value(int64_t x) const override {
    return (int64_t)((uint64_t)left->value(x) * (uint64_t)right->value(x));
  }
};

Shape *shapes[SHAPES];
Expression *expression;

Expression *grow(int depth) {
  uint32_t r = next_random() >> 8;
  if (depth == 0) return r & 1 ? (Expression *)new Constant(r & 15) : new Variable();
  Expression *left = grow(depth - 1), *right = grow(depth - 1);
  return r & 1 ? (Expression *)new Sum(left, right) : new Product(left, right);
}

}  // namespace

static void prepare(void) {
  for (int i = 0; i < SHAPES; i++) {
    uint32_t r = next_random() >> 8;
    int64_t a = r & 255, b = r >> 8 & 255;
    switch (r >> 20 & 3) {
      case 0: shapes[i] = new Square(a, b); break;
      case 1: shapes[i] = new Rectangle(a, b); break;
      case 2: shapes[i] = new Triangle(a, b); break;
      default: shapes[i] = new Frame(a, b); break;
    }
  }
  expression = grow(10);
}

static uint64_t work(long round) {
  uint64_t sum = 0;
  for (int turn = 0; turn < 20; turn++) {
    for (Shape *shape : shapes) {
      shape->grow(turn);
      sum += shape->area();
    }
  }
  for (int i = 0; i < 40; i++) sum = sum * 31 + expression->value(round + i);
  return sum;
}
