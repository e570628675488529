package org.attention4j.core.mixer.effective;

import java.util.Arrays;

/** The weights of one head: a row for each token that looks, a column for each that is seen. Rows and columns count from 0. */
public final class WeightMatrix {
    private final int rows;
    private final int columns;
    private final float[] data;

    /** All zero. */
    WeightMatrix(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.data = new float[Math.multiplyExact(rows, columns)];
    }

    /**
     * A matrix of these weights.
     *
     * @param weights rows of one length
     */
    public static WeightMatrix of(float[][] weights) {
        int columns = weights.length == 0 ? 0 : weights[0].length;
        WeightMatrix m = new WeightMatrix(weights.length, columns);
        for (int row = 0; row < weights.length; row++) {
            if (weights[row].length != columns) {
                throw new IllegalArgumentException(
                        "weights: row %d has %d entries, expected %d".formatted(row, weights[row].length, columns));
            }
            System.arraycopy(weights[row], 0, m.data, row * columns, columns);
        }
        return m;
    }

    /** How many tokens look. */
    public int rows() {
        return rows;
    }

    /** How many are seen. */
    public int columns() {
        return columns;
    }

    /** What token {@code row} takes of token {@code column}. */
    public float get(int row, int column) {
        return data[row * columns + column];
    }

    void set(int row, int column, double weight) {
        data[row * columns + column] = (float) weight;
    }

    void add(int row, int column, double weight) {
        data[row * columns + column] += (float) weight;
    }

    void scaleColumn(int column, double factor) {
        for (int row = 0; row < rows; row++) {
            data[row * columns + column] *= (float) factor;
        }
    }

    /** The sum of a row. */
    public double rowSum(int row) {
        double sum = 0;
        for (int column = 0; column < columns; column++) {
            sum += get(row, column);
        }
        return sum;
    }

    /** The largest magnitude; 0 where there are no weights. */
    public float largest() {
        float largest = 0;
        for (float weight : data) {
            largest = Math.max(largest, Math.abs(weight));
        }
        return largest;
    }

    /** Whether a weight is below 0. */
    public boolean hasNegative() {
        for (float weight : data) {
            if (weight < 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether no token takes anything of a later one. */
    public boolean isCausal() {
        for (int row = 0; row < rows; row++) {
            for (int column = row + 1; column < columns; column++) {
                if (get(row, column) != 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** The part of all weights that is not exactly 0, from 0 to 1: 0 where there are no weights. */
    public double density() {
        int used = 0;
        for (float weight : data) {
            used += weight == 0 ? 0 : 1;
        }
        return data.length == 0 ? 0 : (double) used / data.length;
    }

    /**
     * How many tokens back most of the weight lies: the least distance within which the last row has {@code part} of its
     * magnitude. 0 is the token itself.
     *
     * @param part from 0 to 1
     */
    public int reach(double part) {
        double[] byDistance = new double[Math.max(rows, columns)];
        for (int column = 0; rows > 0 && column < columns; column++) {
            byDistance[Math.abs(rows - 1 - column)] += Math.abs(get(rows - 1, column));
        }
        double all = Arrays.stream(byDistance).sum();
        double sum = 0;
        for (int distance = 0; distance < byDistance.length; distance++) {
            sum += byDistance[distance];
            if (sum >= part * all) {
                return distance;
            }
        }
        return byDistance.length;
    }
}
