package org.attention4j.examples.variant;

import com.google.auto.service.AutoService;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.attention4j.LanguageModel;
import org.attention4j.examples.Arguments;
import org.attention4j.examples.Sample;
import org.attention4j.examples.Samples;
import org.attention4j.pictures.LineChart;
import org.attention4j.pictures.PictureFormat;

/**
 * Measures what a token costs several models behind few and many others, and draws it: with softmax attention the time grows with
 * the tokens that are kept, with a window or a recurrence it does not. The models were trained for 256 tokens; what they say behind
 * more means little, but takes as long as if it did.
 */
@AutoService(Sample.class)
public final class DepthChart implements Sample {
    private static final List<Integer> DEPTHS = ImmutableList.of(16, 64, 256, 1024, 4096);

    @Override
    public String name() {
        return "depth";
    }

    @Override
    public String description() {
        return "draws the time of a token by how many came before it, for several models";
    }

    @Override
    public String options() {
        return "[--models A,B] [--out FILE.png|FILE.html] [--backend NAME]";
    }

    @Override
    public void run(Arguments arguments, PrintWriter out) throws IOException {
        Optional<Path> file = arguments.option("out").map(Path::of);
        file.ifPresent(PictureFormat::forWriting);
        LineChart chart = LineChart.of("Time of a token", "tokens before it", "milliseconds");
        for (String name : arguments.list("models", "mha,mqa,window,hybrid")) {
            try (LanguageModel model = arguments.open("builtin:" + name)) {
                List<Depth> depths = Depth.measure(model, DEPTHS);
                for (Depth depth : depths) {
                    out.printf(
                            Locale.ROOT,
                            "%-14s %5d tokens before it: %,12d bytes of state, %.3f ms%n",
                            name,
                            depth.tokens(),
                            depth.rememberedBytes(),
                            depth.milliseconds());
                }
                out.flush();
                chart = chart.with(
                        name,
                        depths.stream().mapToDouble(Depth::tokens).toArray(),
                        depths.stream().mapToDouble(Depth::milliseconds).toArray());
            }
        }
        if (file.isPresent()) {
            chart.withLogarithmicX().fromZero().write(file.get());
        }
    }

    static void main(String[] args) throws IOException {
        Samples.main(new DepthChart(), args);
    }
}
