package org.attention4j.loaders.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's operators on numbers, and what they mean for strings and lists. Integers have 64 bits; beyond them is an error. */
final class Arithmetic {
    private final Budget budget;

    Arithmetic(Budget budget) {
        this.budget = budget;
    }

    /** The result of an operator on two values. */
    Object apply(String operator, Object a, Object b) {
        for (Object value : new Object[] {a, b}) {
            if (value instanceof Undefined undefined) {
                throw undefined.failure();
            }
        }
        try {
            return Ordering.isNumber(a) && Ordering.isNumber(b) ? numbers(operator, a, b) : others(operator, a, b);
        } catch (ArithmeticException e) {
            throw new TemplateFailure("%s %s %s: %s".formatted(a, operator, b, e.getMessage()));
        }
    }

    private static Object numbers(String operator, Object a, Object b) {
        boolean real = a instanceof Double || b instanceof Double;
        return switch (operator) {
            case "/" -> toDouble(a) / toDouble(nonZero(b));
            case "**" ->
                real || toDouble(b) < 0 ? (Object) Math.pow(toDouble(a), toDouble(b)) : power(toLong(a), toLong(b));
            default -> real ? reals(operator, toDouble(a), toDouble(b)) : integers(operator, toLong(a), toLong(b));
        };
    }

    private static Object integers(String operator, long a, long b) {
        return switch (operator) {
            case "+" -> Math.addExact(a, b);
            case "-" -> Math.subtractExact(a, b);
            case "*" -> Math.multiplyExact(a, b);
            case "//" -> Math.floorDivExact(a, (long) nonZero(b));
            case "%" -> Math.floorMod(a, (long) nonZero(b));
            default -> throw new IllegalStateException(operator);
        };
    }

    private static Object reals(String operator, double a, double b) {
        return switch (operator) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "//" -> Math.floor(a / (double) nonZero(b));
            case "%" -> a - b * Math.floor(a / (double) nonZero(b));
            default -> throw new IllegalStateException(operator);
        };
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long e = exponent; e > 0; e >>= 1) {
            if ((e & 1) == 1) {
                result = Math.multiplyExact(result, square);
            }
            if (e > 1) {
                square = Math.multiplyExact(square, square);
            }
        }
        return result;
    }

    private static Object nonZero(Object divisor) {
        if (toDouble(divisor) == 0) {
            throw new ArithmeticException("division by zero");
        }
        return divisor;
    }

    private Object others(String operator, Object a, Object b) {
        return switch (operator) {
            case "+" -> sum(a, b);
            case "*" ->
                b instanceof Long times
                        ? repeat(a, times, b)
                        : a instanceof Long times ? repeat(b, times, a) : bad("*", a, b);
            case "%" -> a instanceof String format ? Text.format(budget, format, b) : bad("%", a, b);
            default -> bad(operator, a, b);
        };
    }

    private Object sum(Object a, Object b) {
        if (a instanceof String left && b instanceof String right) {
            budget.spendText((long) left.length() + right.length());
            return left.concat(right);
        }
        if (a instanceof List<?> left && b instanceof List<?> right) {
            budget.spendElements((long) left.size() + right.size());
            List<Object> both = new ArrayList<>(left);
            both.addAll(right);
            return both;
        }
        return bad("+", a, b);
    }

    private Object repeat(Object value, long times, Object other) {
        int count = Math.clamp(times, 0, Integer.MAX_VALUE);
        if (value instanceof String text) {
            budget.spendText((long) text.length() * count);
            return text.repeat(count);
        }
        if (value instanceof List<?> list) {
            budget.spendElements((long) list.size() * count);
            List<Object> repeated = new ArrayList<>(list.size() * count);
            for (int i = 0; i < count && !list.isEmpty(); i++) {
                repeated.addAll(list);
            }
            return repeated;
        }
        return bad("*", value, other);
    }

    private static Object bad(String operator, Object a, Object b) {
        throw new TemplateFailure("'%s' between %s and %s".formatted(operator, Values.describe(a), Values.describe(b)));
    }

    /** A number with another sign or the same. */
    static Object signed(String operator, Object value) {
        if (value instanceof Undefined undefined) {
            throw undefined.failure();
        }
        if (!Ordering.isNumber(value)) {
            throw TemplateFailure.unexpected(operator, value, "a number");
        }
        if (value instanceof Double number) {
            return operator.equals("-") ? -number : number;
        }
        long integer = toLong(value);
        return operator.equals("-") ? Math.negateExact(integer) : integer;
    }

    static double toDouble(Object number) {
        return number instanceof Double d ? d : toLong(number);
    }

    static long toLong(Object number) {
        return switch (number) {
            case Long integer -> integer;
            case Boolean flag -> flag ? 1 : 0;
            case Double real -> real.longValue();
            default -> throw TemplateFailure.unexpected("number", number, "a number");
        };
    }
}
