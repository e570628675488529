package org.attention4j.loaders.hf;

import com.google.auto.service.AutoService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.attention4j.loaders.Checkpoint;
import org.attention4j.loaders.ModelFormat;
import org.attention4j.loaders.ModelFormatException;
import org.attention4j.loaders.safetensors.SafetensorsModel;

/** Directories as transformers saves them, or one of the safetensors files in such a directory. */
@AutoService(ModelFormat.class)
public final class HfFormat implements ModelFormat {
    static final String NAME = "safetensors";

    private static final String CONFIG = "config.json";
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String lookedFor() {
        return "a directory with %s and %s or %s".formatted(CONFIG, SINGLE, INDEX);
    }

    @Override
    public boolean accepts(Path path) {
        return Files.isDirectory(path)
                ? Files.exists(path.resolve(CONFIG))
                        || Files.exists(path.resolve(SINGLE))
                        || Files.exists(path.resolve(INDEX))
                : path.toString().endsWith(".safetensors");
    }

    @Override
    public Checkpoint open(Path path) {
        if (!Files.isDirectory(path) && !Files.exists(path.resolveSibling(CONFIG))) {
            Optional<Checkpoint> rwkv = rwkv(path);
            if (rwkv.isPresent()) {
                return rwkv.get();
            }
        }
        HfConfig config = HfConfig.read(Files.isDirectory(path) ? path.resolve(CONFIG) : path.resolveSibling(CONFIG));
        String architecture = config.architecture();
        SafetensorsModel model = openWeights(path);
        try {
            return new HfCheckpoint(path, config, architecture, model);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
    }

    /** A file of RWKV's own, which needs no configuration. */
    private static Optional<Checkpoint> rwkv(Path path) {
        SafetensorsModel model = SafetensorsModel.openFile(path);
        Optional<HfConfig> config;
        try {
            config = RwkvFiles.config(path, model);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        if (config.isEmpty()) {
            model.close();
        }
        return config.map(c -> new HfCheckpoint(path, c, c.architecture(), model));
    }

    private static SafetensorsModel openWeights(Path path) {
        if (!Files.isDirectory(path)) {
            return SafetensorsModel.openFile(path);
        }
        if (Files.exists(path.resolve(INDEX))) {
            return SafetensorsModel.openIndex(path.resolve(INDEX));
        }
        if (!Files.exists(path.resolve(SINGLE))) {
            throw new ModelFormatException(
                    path,
                    "no weights; looked for %s and %s (PyTorch .bin files are not read)".formatted(INDEX, SINGLE));
        }
        return SafetensorsModel.openFile(path.resolve(SINGLE));
    }
}
