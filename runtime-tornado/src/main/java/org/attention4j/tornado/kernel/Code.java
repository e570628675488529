package org.attention4j.tornado.kernel;

/**
 * The instructions of elementwise programs, four numbers each: the code and up to three arguments. Instruction i puts its result
 * into register i; arguments of loads and stores are operands, the others registers.
 */
public final class Code {
    /** Numbers in an instruction. */
    public static final int SIZE = 4;
    /** The most instructions of one program, and so the registers. */
    public static final int MOST = 32;

    // Reading and writing: a is the operand, b a register.
    /** Stores float b at index c of the operand's axis; nothing if that is out of range. */
    public static final int SCATTER_FLOAT = -1;

    public static final int LOAD_FLOAT = 0;
    public static final int LOAD_INT = 1;
    /** The address itself: an affine function of the indexes. */
    public static final int ADDRESS = 2;
    /** At index b of the operand's axis; an index out of range fails the run. */
    public static final int GATHER_FLOAT = 3;

    public static final int GATHER_INT = 4;
    /** At index b of the operand's axis; 0 if that is out of range. */
    public static final int PEEK_FLOAT = 5;

    public static final int PEEK_INT = 6;
    public static final int STORE_FLOAT = 7;
    public static final int STORE_INT = 8;
    /** The number a. */
    public static final int NUMBER = 9;

    // From float to float.
    public static final int FIRST_FLOAT = 10;
    public static final int NEG = 10;
    public static final int ABS = 11;
    public static final int EXP = 12;
    public static final int LOG = 13;
    public static final int SQRT = 14;
    public static final int RECIPROCAL = 15;
    public static final int SIN = 16;
    public static final int COS = 17;
    public static final int TANH = 18;
    public static final int SIGMOID = 19;
    public static final int FLOOR = 20;

    // From float to float, in more steps.
    public static final int FIRST_LONG = 21;
    public static final int ERF = 21;
    public static final int TO_F16 = 22;
    public static final int TO_BF16 = 23;

    // From two floats to a float.
    public static final int FIRST_BINARY = 24;
    public static final int ADD = 24;
    public static final int SUB = 25;
    public static final int MUL = 26;
    public static final int DIV = 27;
    public static final int MOD = 28;
    public static final int POW = 29;
    public static final int MIN = 30;
    public static final int MAX = 31;

    // Between floats and integers.
    public static final int FIRST_MIXED = 32;
    public static final int EQUAL = 32;
    public static final int LESS = 33;
    public static final int LESS_EQUAL = 34;
    /** Float to integer, towards zero. */
    public static final int TRUNCATE = 35;
    /** 1 where a float is not 0. */
    public static final int IS_NOT_ZERO = 36;

    public static final int INT_TO_FLOAT = 37;
    /** b where register a is not 0, else c: floats. */
    public static final int WHERE_FLOAT = 38;

    public static final int WHERE_INT = 39;

    // Integers.
    public static final int FIRST_INT = 40;
    public static final int INT_ADD = 40;
    public static final int INT_SUB = 41;
    public static final int INT_MUL = 42;
    /** Towards negative infinity; division by 0 fails the run. */
    public static final int INT_DIV = 43;

    public static final int INT_MOD = 44;
    public static final int INT_MIN = 45;
    public static final int INT_MAX = 46;
    public static final int INT_EQUAL = 47;
    public static final int INT_LESS = 48;
    public static final int INT_LESS_EQUAL = 49;
    public static final int INT_NEG = 50;
    public static final int INT_ABS = 51;
    public static final int NOT = 52;
    public static final int INT_IS_NOT_ZERO = 53;
    public static final int TO_I8 = 54;
    public static final int TO_U8 = 55;

    private Code() {}
}
