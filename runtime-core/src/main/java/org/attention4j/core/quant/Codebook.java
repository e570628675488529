package org.attention4j.core.quant;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.BitSet;
import java.util.zip.InflaterInputStream;

/**
 * The points that the codebook types of ggml choose among: short runs of values, each out of a few. A codebook is a subset of all
 * such runs in the order of the numbers whose digits, the least one first, are the values' indices. So a bit for each run says
 * everything; below, these bits (the lowest one of a byte first) are deflated and written in base 64.
 *
 * <p>The subsets are ggml's {@code iq1s_grid}, {@code iq2xxs_grid}, {@code iq2xs_grid}, {@code iq2s_grid}, {@code iq3xxs_grid}
 * and {@code iq3s_grid}, which no rule gives: they were found by clustering weights of models.
 */
final class Codebook {
    /** 2048 of the runs of eight out of −1, 0, 1. */
    static final Codebook IQ1 = new Codebook(
            "eNotUkFLnEcYfneq4XVMZWM/QXJ696ux01kR6y3pZZFdWPRiQvIHPNm0SMk5TT4nu+mX2RRCILQ0l3EwyTgNq/FQtp+wAU9WemjprQdpPY"
                    + "S6HgJeGgzEzK69zbzwvM/zvM9z7UJUN2zmMlY+c3dJ2/MoKarPR4rKlQsj/YYpSkcBlflAmnTL8wd+EGLg/r4yWAqoQprMRwGup/AHg4kM"
                    + "k6hO1ZlrWMlNbBvS4yDHnLe4v44oBAQu4QW5hPhj/CVztNu8Z5v+0s3DTralhlpxtvvn0EMWQ0xOZ1wxBDn7t/08pqKF5dKy1wLjXFA4om"
                    + "igUrhaN8g+dpeopuhqkGEJH81HTGLLqcRUGaGyi5aJnyTWw3sKKyXoKjQwcxkquU8VaCVxZSrqD5bFqXjGyEug4Re6KVy24t3XoDgyEbMa"
                    + "KKgmprMh/TY1srjz17NGY8k9DP8bDV0+K6laKwkt0dPObza26z+afx0DBtKlQIlpWCsyk6hpnrVb2btDa4oWNRcdCyvT7OzxamfvddFNft"
                    + "e+dXj83+2Xr77J9r54+8nJy/Hj4YN/dJz37aGax003qJon2djBnaRvYWLxyPHVIgTLuO+HgSnJn9Kv6t4DJcDC/eQjUIjwlfZ+iz1ta7PL"
                    + "ki+/n/x98yCv8pN+T4z88aQPePcOhLkVUv5iFk/XzEAyCtousOWoHA5VeK56KXsS/ls+3Eu532C3NjlipmRjSAEtXtdLLe8TIK72d+IClr"
                    + "uoAU0joVF3OXopE+BdVMFBb+E+pYqPhgi89XqjwbgMFCrxXKCAtZTFpj0oWqizuc1gefVN09MVsfizmXqVcBaacH0hFIl5X/Qdu2YsYp6M"
                    + "jkENnabMexVdOwOznuETyH9Y/j/l/lBp9fyIACBw8Yw6loGqDoiDCM7NVbrdcKynMB3DVPAShkmwzLoLc+8B4wUZaQ==",
            8,
            -1,
            0,
            1);

    /** 256 of the runs of eight out of 8, 25, 43. */
    static final Codebook IQ2_XXS = new Codebook(
            "eNp1UkuqxDAMk8Hdq5B3Hwd6gG7m/ld5tvPt0BENpLHkSG4/f+XDq1ZouUAAaigwxA64afWEFLXbz718+LoBQVCqn5eSxPakiugoSjpNT6"
                    + "j4xkLlkEakmrdsKvaVVzQcEqXwcY6jlFtvHa9ytE5NdA8erHrVBlu7ptfiaQ4UTzR7t0+D9Mhgk18I792/MWkMozOpYEUGZTWnjKHk4pUe"
                    + "VVKiD+3yaLJ11MlR6vJsezlRkya9ZIuWJs+Vsrxm3zJ8I6bZP4XaFM4G+dvYCpk35szlEWu/YcUTjjHsvjFmaK+qB/ijNp18T/Nl/wr9Tf"
                    + "sHxl0VIw==",
            8,
            8,
            25,
            43);

    /** 512 of the same runs. */
    static final Codebook IQ2_XS = new Codebook(
            "eNpdUVuuhTAIHBL6j4nuhyb2vyZ2/1s5PFr13uYcxQLDzDDGuEarR6N7jN6qFMJ9iVYGEbqnDtoZlkIhZkArpNjLfqNsO5NA1bo8JYAFBD"
                    + "tigJd16QK0VEffvNELHLCRJGDcOCavsBSwVdr3Ft8MzBI/YyQguItPFR+YrVZ4Vig91ZxJmsCQSjFFFqbnQF6FMyWHrikZp8mrtADNKEt5"
                    + "SwnyPsOM0miHp4hoTq0xX7HOtDckM8rDMHs17BW3p+aFYCbtz+aGBpShy2TzehJuiNPq30xqNOkvCWeIZyg+If0x2t8iIbnQwY7bDyOfok"
                    + "OFu1z32/oVuavEmHEw5Vjp7gI+vAKcOd2IzVCwoLfAQE4LqnxJ7h+iL1v+XMoqbTQn0uOl7msKr70o/h/N4W2uYLIu79Po/gBOsClJ",
            8,
            8,
            25,
            43);

    /** 1024 of the same runs. */
    static final Codebook IQ2_S = new Codebook(
            "eNptUl2KBiEMa0HfK+h9KozvCvb+V9m0OrvfsivD/MXEJGpmy4a1XPAyh9Xc6l4yLVEpeAwza3usaVZxAVJAq6YppM2cJcyaLT2AlIirZC"
                    + "EipW1rQbmtui2WsEqz9p4y1US+1ivoUAjWzIBAV1vJISY6EP4lcShBm/Zqq+fEhfbsmg9LaCXMz/QgxS/BAkpmUINcYMOXIGrxTSGOT9yY"
                    + "pnu1Vh9vI1+HvSWP7L7MthfV6UCzvw4hIPVAsBEstKF0IB8QbMGiP5Er4HetD0G65iMyICUE/BGMWiLJM1qGQ/VNuR2K20hOIF6fghIY3e"
                    + "x4n3JL4FPLO2KGahul7iKdaRzznbS0y8IuF4+cfyKzQ/OKg5U5ZHDnVx3K2c/KMLms2JRQPAfAKf90WOQ7NiDh02sg9DEwGad3h46fCTlh"
                    + "JKkX/TCtK8h6O/yVGdg1ylcNv5Ur35q+ALm8Vh4=",
            8,
            8,
            25,
            43);

    /** 256 of the runs of four out of 4, 12, 20, 28, 36, 44, 52, 62. */
    static final Codebook IQ3_XXS = new Codebook(
            "eNpNUTEOwjAMPFuxVGUKQ/eKCfGKdGCHH0WdEK9g5Jn4nKZwVdUmPt+dk/llmoBLtrNpgcxqL2xYNlvgEExopeGyAckfwgsFeMBLimx5bg"
                    + "KYWhSzqa+QDKIVFeeu4jj5ChqqgRTblm/0xzX6nmKbNXGSntCb6DfRq7kbjTtyjSBQy66/hN+d+2xmUmVXQJrvrAzPhsIYUZoYzGd743mE"
                    + "KqQLVncbdJqUEUMGcbH932U9l6yoo4HjpLQ7QEI8ddpIhIPI7z1ctL8Nw3X9CxXSe8Mevst9ZNxL7bIcM/FIRlwNpv2O7piB+AIWuhT2",
            4,
            4,
            12,
            20,
            28,
            36,
            44,
            52,
            62);

    /** 512 of the runs of four odd numbers below 16. */
    static final Codebook IQ3_S = new Codebook(
            "eNotUcFKw0AQfTPMwmZPuyHiNd1GqPmKrdSDeimC+DtpqdD2luIHiFYE+5PObpzDwLw3897b5Od1br+dOV3PD9EjytdDDGeHykbz6M0QaV"
                    + "9LxaAG9/YTySYHhoCvdEYAri/mGWuWp8AVGyzpHKRqSU7VNugiLRq4le4VlqE1Yq3dGW4zf3k5mt4Mt+bQ1aL8CW7De9Q33DihhC2qTuHO"
                    + "swxkQW9ZRC9bTmQJkF/p39ly7x0ItCLRqIpzONKxhbV3qioBbFrxCRYJJYaDaXOaIKOwHu6czGxUfMaWBiHvTMy8gR+y3Ee5EqiCRzaYga"
                    + "xCEgSjJN8LS14gtkvdwY4GeG5tDZKUhXJ3KJUXm9K1+oxqAGx08Jn00gqR5+yipY9QsMLkm0MX/F9rhEnkBcIeC53rpb6Gi0eXc8T8kWhy"
                    + "lcm7/IVJG/gDusYnIA==",
            4,
            1,
            3,
            5,
            7,
            9,
            11,
            13,
            15);

    private final int width;
    private final byte[] points;

    private Codebook(String packed, int width, int... values) {
        this.width = width;
        BitSet chosen = unpack(packed);
        this.points = new byte[chosen.cardinality() * width];
        int at = 0;
        for (int run = chosen.nextSetBit(0); run >= 0; run = chosen.nextSetBit(run + 1)) {
            int digits = run;
            for (int i = 0; i < width; i++) {
                points[at++] = (byte) values[digits % values.length];
                digits /= values.length;
            }
        }
    }

    private static BitSet unpack(String packed) {
        byte[] deflated = Base64.getDecoder().decode(packed);
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
            return BitSet.valueOf(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many points there are. */
    int size() {
        return points.length / width;
    }

    /** Writes the values of point {@code index} to {@code q[to …]}. */
    void copy(int index, byte[] q, int to) {
        System.arraycopy(points, index * width, q, to, width);
    }

    /** Negates those of the eight numbers {@code q[to …]} whose bit is set. */
    static void sign(int bits, byte[] q, int to) {
        for (int i = 0; i < 8; i++) {
            int minus = -((bits >> i) & 1);
            q[to + i] = (byte) ((q[to + i] ^ minus) - minus);
        }
    }

    /** Eight signs of which seven are given: the number of negative ones is even. */
    static int evenSigns(int seven) {
        return seven | (Integer.bitCount(seven) & 1) << 7;
    }
}
