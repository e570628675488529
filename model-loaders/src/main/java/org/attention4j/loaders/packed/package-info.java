/**
 * Linear layers that safetensors files hold as packed integers, with scales and zero points in tensors of their own:
 * checkpoints of GPTQ (Frantar et al. 2022, arXiv:2210.17323), AWQ (Lin et al. 2023, arXiv:2306.00978), and MXFP4 as gpt-oss
 * has it (OCP Microscaling Formats, 2023); and 8-bit floats with a scale for each tile of 128×128, as DeepSeek-V3 publishes its
 * weights (arXiv:2412.19437, section 3.3.2), which become F32.
 *
 * <p>A weight of GPTQ and AWQ is {@code w = s·(q − z)}: q an unsigned integer, s and z shared by the {@code group_size}
 * consecutive inputs of one output. The files lie by inputs, products read by outputs; so each layer becomes a matrix
 * {@code [out, in]} in blocks of one group, whose bytes are put together when somebody reads them and never kept here.
 *
 * <table>
 * <caption>How the integers lie in words of 32 bits, lowest bits first</caption>
 * <tr><th></th><th>GPTQ</th><th>AWQ</th></tr>
 * <tr><td>q</td><td>{@code qweight [in·bits/32, out]}: along the inputs</td>
 *     <td>{@code qweight [in, out/8]}: along the outputs, in the order 0 2 4 6 1 3 5 7</td></tr>
 * <tr><td>z</td><td>{@code qzeros [groups, out·bits/32]}: along the outputs; version 1 stores z − 1</td>
 *     <td>{@code qzeros [groups, out/8]}: like q</td></tr>
 * <tr><td>s</td><td colspan="2">{@code scales [groups, out]}</td></tr>
 * <tr><td>groups</td><td>{@code g_idx [in]} says which group an input is in</td><td>in order</td></tr>
 * </table>
 */
@NullMarked
package org.attention4j.loaders.packed;

import org.jspecify.annotations.NullMarked;
