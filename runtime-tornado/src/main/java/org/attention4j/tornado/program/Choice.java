package org.attention4j.tornado.program;

import java.util.List;

/**
 * Which experts' matrices a product is with: the weight is a stack of them. The products of {@code summed} choices that follow each
 * other, and their biases, are summed up by weights.
 *
 * @param ids the number of the element's expert, or of the first
 * @param experts how many there are
 * @param pitch from expert to expert of the weight
 * @param vectors from choice to choice of x
 * @param weights of the expert, or of the first
 * @param bias of the element for expert 0
 * @param biasPitch from expert to expert of the bias
 */
public record Choice(
        Expr.Load ids,
        int experts,
        int pitch,
        int summed,
        int vectors,
        Expr.Load weights,
        Expr.Load bias,
        int biasPitch) {
    /** What is read for an element. */
    List<Expr.Load> loads() {
        return List.of(ids, weights, bias);
    }
}
