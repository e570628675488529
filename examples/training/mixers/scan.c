/* Mamba's scan for `selective_scan.py`, which tells shapes. What is by channel goes along vectors of the processor; the state of a
   row of a batch stays in its cache. */
#include <math.h>
#include <string.h>

/* states [batch][length][state][inner] and y. */
void scan_forward(
    long length, long batch, long inner, long state, const float *restrict u, const float *restrict step,
    const float *restrict rates, const float *restrict b, const float *restrict out, float *restrict states, float *restrict y)
{
    long size = state * inner;
    for (long row = 0; row < batch; row++) {
        for (long t = 0; t < length; t++) {
            long at = row * length + t;
            const float *restrict s = step + at * inner, *restrict x = u + at * inner;
            float *restrict h = states + at * size, *restrict of = y + at * inner;
            memset(of, 0, inner * sizeof(float));
            for (long n = 0; n < state; n++) {
                const float *restrict rate = rates + n * inner;
                float write = b[at * state + n], read = out[at * state + n];
                for (long c = 0; c < inner; c++) {
                    float before = t ? h[n * inner + c - size] : 0;
                    float now = expf(rate[c] * s[c]) * before + write * s[c] * x[c];
                    h[n * inner + c] = now;
                    of[c] += read * now;
                }
            }
        }
    }
}

/* The gradients of all inputs from that of y; of_h [state][inner] is room to work in, of_rates begins as zeros. */
void scan_backward(
    long length, long batch, long inner, long state, const float *restrict u, const float *restrict step,
    const float *restrict rates, const float *restrict b, const float *restrict out, const float *restrict states,
    const float *restrict of_y, float *restrict of_u, float *restrict of_step, float *restrict of_rates, float *restrict of_b,
    float *restrict of_out, float *restrict of_h)
{
    long size = state * inner;
    for (long row = 0; row < batch; row++) {
        memset(of_h, 0, size * sizeof(float));
        for (long t = length - 1; t >= 0; t--) {
            long at = row * length + t;
            const float *restrict s = step + at * inner, *restrict x = u + at * inner;
            const float *restrict h = states + at * size, *restrict given = of_y + at * inner;
            float *restrict to_u = of_u + at * inner, *restrict to_step = of_step + at * inner;
            memset(to_u, 0, inner * sizeof(float));
            memset(to_step, 0, inner * sizeof(float));
            for (long n = 0; n < state; n++) {
                const float *restrict rate = rates + n * inner;
                float *restrict g = of_h + n * inner, *restrict to_rate = of_rates + n * inner;
                float write = b[at * state + n], read = out[at * state + n], to_b = 0, to_out = 0;
                for (long c = 0; c < inner; c++) {
                    float before = t ? h[n * inner + c - size] : 0;
                    float of_now = g[c] + read * given[c], decay = expf(rate[c] * s[c]);
                    to_out += h[n * inner + c] * given[c];
                    to_b += of_now * s[c] * x[c];
                    to_u[c] += of_now * write * s[c];
                    to_step[c] += of_now * (write * x[c] + decay * before * rate[c]);
                    to_rate[c] += of_now * decay * before * s[c];
                    g[c] = of_now * decay;
                }
                of_b[at * state + n] = to_b;
                of_out[at * state + n] = to_out;
            }
        }
    }
}
