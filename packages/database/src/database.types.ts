export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  pipeline: {
    Tables: {
      provider_limits: {
        Row: {
          burst: number;
          failure_threshold: number;
          failures: number;
          longest_open_seconds: number;
          longest_pause_seconds: number;
          model: string;
          not_before: string | null;
          open_seconds: number;
          open_until: string | null;
          probes: number;
          provider: string;
          refilled_at: string;
          requests_per_minute: number | null;
          tokens: number;
          updated_at: string;
        };
        ComputedFields: never;
        Insert: {
          burst?: number;
          failure_threshold?: number;
          failures?: number;
          longest_open_seconds?: number;
          longest_pause_seconds?: number;
          model?: string;
          not_before?: string | null;
          open_seconds?: number;
          open_until?: string | null;
          probes?: number;
          provider: string;
          refilled_at?: string;
          requests_per_minute?: number | null;
          tokens?: number;
          updated_at?: string;
        };
        Update: {
          burst?: number;
          failure_threshold?: number;
          failures?: number;
          longest_open_seconds?: number;
          longest_pause_seconds?: number;
          model?: string;
          not_before?: string | null;
          open_seconds?: number;
          open_until?: string | null;
          probes?: number;
          provider?: string;
          refilled_at?: string;
          requests_per_minute?: number | null;
          tokens?: number;
          updated_at?: string;
        };
        Relationships: [];
      };
      stages: {
        Row: {
          backoff_base_seconds: number;
          backoff_cap_seconds: number;
          batch_size: number;
          debounce_seconds: number;
          enabled: boolean;
          function_name: string;
          lease_seconds: number;
          max_attempts: number;
          max_attempts_lowered_at: string | null;
          max_concurrency: number | null;
          max_concurrency_per_user: number | null;
          max_deferred_seconds: number;
          model: string;
          patience_seconds: number;
          provider: string;
          stage: string;
          updated_at: string;
        };
        ComputedFields: never;
        Insert: {
          backoff_base_seconds?: number;
          backoff_cap_seconds?: number;
          batch_size?: number;
          debounce_seconds?: number;
          enabled?: boolean;
          function_name: string;
          lease_seconds?: number;
          max_attempts?: number;
          max_attempts_lowered_at?: string | null;
          max_concurrency?: number | null;
          max_concurrency_per_user?: number | null;
          max_deferred_seconds?: number;
          model?: string;
          patience_seconds?: number;
          provider: string;
          stage: string;
          updated_at?: string;
        };
        Update: {
          backoff_base_seconds?: number;
          backoff_cap_seconds?: number;
          batch_size?: number;
          debounce_seconds?: number;
          enabled?: boolean;
          function_name?: string;
          lease_seconds?: number;
          max_attempts?: number;
          max_attempts_lowered_at?: string | null;
          max_concurrency?: number | null;
          max_concurrency_per_user?: number | null;
          max_deferred_seconds?: number;
          model?: string;
          patience_seconds?: number;
          provider?: string;
          stage?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "stages_provider_model_fkey";
            columns: ["provider", "model"];
            isOneToOne: false;
            referencedRelation: "provider_limits";
            referencedColumns: ["provider", "model"];
          },
        ];
      };
      wake_ups: {
        Row: {
          outcome: string;
          stage: string;
          woken_at: string;
        };
        ComputedFields: never;
        Insert: {
          outcome?: string;
          stage: string;
          woken_at?: string;
        };
        Update: {
          outcome?: string;
          stage?: string;
          woken_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "wake_ups_stage_fkey";
            columns: ["stage"];
            isOneToOne: true;
            referencedRelation: "stages";
            referencedColumns: ["stage"];
          },
        ];
      };
      watermarks: {
        Row: {
          moved_at: string;
          next_turn: number;
          stage: string;
          turn: number;
        };
        ComputedFields: never;
        Insert: {
          moved_at?: string;
          next_turn?: number;
          stage: string;
          turn?: number;
        };
        Update: {
          moved_at?: string;
          next_turn?: number;
          stage?: string;
          turn?: number;
        };
        Relationships: [
          {
            foreignKeyName: "watermarks_stage_fkey";
            columns: ["stage"];
            isOneToOne: true;
            referencedRelation: "stages";
            referencedColumns: ["stage"];
          },
        ];
      };
    };
    Views: {
      violations: {
        Row: {
          detail: string | null;
          id: number | null;
          rule: string | null;
          stage: string | null;
        };
        ComputedFields: never;
        Relationships: [];
      };
    };
    Functions: {
      analysis_problem: { Args: { results: Json }; Returns: Record<string, unknown> };
      analysis_within_cap: { Args: { at_most: number; per_user: number }; Returns: number[] };
      audio_problem: { Args: { results: Json }; Returns: Record<string, unknown> };
      audio_within_cap: { Args: { at_most: number; per_user: number }; Returns: number[] };
      backoff: { Args: { attempt: number; stage: string }; Returns: string };
      call_function: { Args: { function_name: string }; Returns: string };
      check_results: { Args: { results: Json; stage: string }; Returns: Record<string, unknown> };
      claim_analysis: {
        Args: { batch_size?: number; lease_seconds?: number; model?: string };
        Returns: {
          attempt: number;
          coach: Json;
          correlation_id: string;
          duration_seconds: number;
          file_size: number;
          id: number;
          language: string;
          lease_expires_at: string;
          lease_token: string;
          mime_type: string;
          original_filename: string;
          storage_path: string;
          user_id: string;
          video_recording_id: number;
        }[];
      };
      claim_audio: {
        Args: { batch_size?: number; lease_seconds?: number; model?: string };
        Returns: {
          analysis_job_id: number;
          attempt: number;
          coach: Json;
          correlation_id: string;
          id: number;
          language: string;
          lease_expires_at: string;
          lease_token: string;
          segments: Json;
          user_id: string;
        }[];
      };
      claim_budget: {
        Args: {
          at: string;
          batch_size: number;
          lease_seconds: number;
          model: string;
          stage: string;
        };
        Returns: Record<string, unknown>;
      };
      claim_room: { Args: { at: string; model: string; provider: string }; Returns: number };
      claim_ssml: {
        Args: { batch_size?: number; lease_seconds?: number; model?: string };
        Returns: {
          analysis_job_id: number;
          attempt: number;
          coach: Json;
          correlation_id: string;
          drill: string;
          id: number;
          language: string;
          lease_expires_at: string;
          lease_token: string;
          message: string;
          user_id: string;
        }[];
      };
      coach_for: { Args: { language: string; user_id: string }; Returns: Json };
      complete_analysis: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      complete_audio: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      complete_ssml: {
        Args: { results: Json };
        Returns: {
          id: number;
          outcome: string;
        }[];
      };
      defer_analysis: {
        Args: { error_code?: string; id: number; lease_token: string; retry_after_seconds: number };
        Returns: string;
      };
      defer_audio: {
        Args: { error_code?: string; id: number; lease_token: string; retry_after_seconds: number };
        Returns: string;
      };
      defer_ssml: {
        Args: { error_code?: string; id: number; lease_token: string; retry_after_seconds: number };
        Returns: string;
      };
      dispatch: {
        Args: Record<PropertyKey, never>;
        Returns: {
          called: boolean;
          ready: number;
          stage: string;
        }[];
      };
      enqueue_analysis: { Args: { recording_ids: number[] }; Returns: undefined };
      extend_analysis: {
        Args: { id: number; lease_seconds?: number; lease_token: string };
        Returns: string;
      };
      extend_audio: {
        Args: { id: number; lease_seconds?: number; lease_token: string };
        Returns: string;
      };
      extend_ssml: {
        Args: { id: number; lease_seconds?: number; lease_token: string };
        Returns: string;
      };
      fail_analysis: {
        Args: {
          error_code: string;
          id: number;
          lease_token: string;
          message: string;
          retryable: boolean;
        };
        Returns: string;
      };
      fail_audio: {
        Args: {
          error_code: string;
          id: number;
          lease_token: string;
          message: string;
          retryable: boolean;
        };
        Returns: string;
      };
      fail_ssml: {
        Args: {
          error_code: string;
          id: number;
          lease_token: string;
          message: string;
          retryable: boolean;
        };
        Returns: string;
      };
      granted_delay: { Args: { retry_after_seconds: number }; Returns: number };
      hold_provider: { Args: { stage: string; until: string }; Returns: undefined };
      install_schedule: { Args: Record<PropertyKey, never>; Returns: string };
      is_held: {
        Args: {
          at: string;
          settings: Omit<
            Database["pipeline"]["Tables"]["stages"]["Row"],
            Database["pipeline"]["Tables"]["stages"]["ComputedFields"]
          >;
        };
        Returns: boolean;
      };
      last_analysis_turn: { Args: { user_id: string }; Returns: number };
      last_audio_turn: { Args: { user_id: string }; Returns: number };
      last_ssml_turn: { Args: { user_id: string }; Returns: number };
      lease_interval: { Args: { lease_seconds: number }; Returns: string };
      live_leases: { Args: { at_most: number; stage: string }; Returns: number };
      lock_jobs_of: { Args: { feedback_ids: number[] }; Returns: undefined };
      lower_watermark: { Args: { stage: string; turn: number }; Returns: undefined };
      move_watermark: { Args: { at: string; stage: string }; Returns: boolean };
      next_audio_turns: { Args: { ids: number[] }; Returns: number[] };
      note_failure: { Args: { error_code: string; stage: string }; Returns: undefined };
      now: { Args: Record<PropertyKey, never>; Returns: string };
      pick_analysis: {
        Args: { at: string; at_most: number; from_turn: number; per_user: number };
        Returns: Record<string, unknown>;
      };
      pick_audio: {
        Args: { at: string; at_most: number; from_turn: number; per_user: number };
        Returns: Record<string, unknown>;
      };
      pick_ssml: {
        Args: { at: string; at_most: number; from_turn: number; per_user: number };
        Returns: Record<string, unknown>;
      };
      provider_answered: { Args: { stage: string }; Returns: undefined };
      provider_failed: { Args: { stage: string }; Returns: undefined };
      provider_room: {
        Args: {
          at: string;
          limits: Omit<
            Database["pipeline"]["Tables"]["provider_limits"]["Row"],
            Database["pipeline"]["Tables"]["provider_limits"]["ComputedFields"]
          >;
        };
        Returns: number;
      };
      prune: { Args: Record<PropertyKey, never>; Returns: undefined };
      queue_due_analysis: { Args: Record<PropertyKey, never>; Returns: undefined };
      queue_due_audio: { Args: Record<PropertyKey, never>; Returns: undefined };
      queue_due_ssml: { Args: Record<PropertyKey, never>; Returns: undefined };
      ready_items: { Args: { at_most: number; stage: string }; Returns: Record<string, unknown> };
      ready_within_cap: {
        Args: { at_most: number; per_user: number; stage: string };
        Returns: Record<string, unknown>;
      };
      recognise_uploads: { Args: { max_age?: string }; Returns: number };
      refilled_tokens: {
        Args: {
          at: string;
          limits: Omit<
            Database["pipeline"]["Tables"]["provider_limits"]["Row"],
            Database["pipeline"]["Tables"]["provider_limits"]["ComputedFields"]
          >;
        };
        Returns: number;
      };
      release_analysis: { Args: { id: number; lease_token: string }; Returns: string };
      release_audio: { Args: { id: number; lease_token: string }; Returns: string };
      release_ssml: { Args: { id: number; lease_token: string }; Returns: string };
      requeue_analysis: { Args: { analysis_job_id: number }; Returns: string };
      requeue_feedback: { Args: { feedback_id: number; stage: string }; Returns: string };
      result_problem: { Args: { results: Json; stage: string }; Returns: Record<string, unknown> };
      spend: { Args: { at: string; items: number; stage: string }; Returns: undefined };
      ssml_problem: { Args: { results: Json }; Returns: Record<string, unknown> };
      ssml_within_cap: { Args: { at_most: number; per_user: number }; Returns: number[] };
      sweep: {
        Args: Record<PropertyKey, never>;
        Returns: {
          stage: string;
          swept: number;
        }[];
      };
      sweep_analysis: { Args: Record<PropertyKey, never>; Returns: number };
      sweep_audio: { Args: Record<PropertyKey, never>; Returns: number };
      sweep_ssml: { Args: Record<PropertyKey, never>; Returns: number };
      take_analysis: {
        Args: { at: string; batch_size: number; lease_seconds: number; model: string };
        Returns: Record<string, unknown>;
      };
      take_audio: {
        Args: { at: string; batch_size: number; lease_seconds: number; model: string };
        Returns: Record<string, unknown>;
      };
      take_ssml: {
        Args: { at: string; batch_size: number; lease_seconds: number; model: string };
        Returns: Record<string, unknown>;
      };
      use_model: { Args: { model: string; stage: string }; Returns: undefined };
      wake: {
        Args: {
          at: string;
          settings: Omit<
            Database["pipeline"]["Tables"]["stages"]["Row"],
            Database["pipeline"]["Tables"]["stages"]["ComputedFields"]
          >;
        };
        Returns: boolean;
      };
      watch: {
        Args: { seconds?: number };
        Returns: {
          called: boolean;
          ready: number;
          stage: string;
        }[];
      };
      write_analysis: { Args: { at: string; result: Json }; Returns: undefined };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
  public: {
    Tables: {
      analysis_audio_segments: {
        Row: {
          audio_url: string;
          created_at: string;
          duration_ms: number;
          feedback_id: number;
          format: string;
          id: number;
          provider: string;
          segment_index: number;
          version: string | null;
        };
        ComputedFields: never;
        Insert: {
          audio_url: string;
          created_at?: string;
          duration_ms: number;
          feedback_id: number;
          format: string;
          id?: never;
          provider: string;
          segment_index?: number;
          version?: string | null;
        };
        Update: {
          audio_url?: string;
          created_at?: string;
          duration_ms?: number;
          feedback_id?: number;
          format?: string;
          id?: never;
          provider?: string;
          segment_index?: number;
          version?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_audio_segments_feedback_id_fkey";
            columns: ["feedback_id"];
            isOneToOne: false;
            referencedRelation: "analysis_feedback";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "analysis_audio_segments_ssml_segment_fkey";
            columns: ["feedback_id", "segment_index"];
            isOneToOne: true;
            referencedRelation: "analysis_ssml_segments";
            referencedColumns: ["feedback_id", "segment_index"];
          },
        ];
      };
      analysis_feedback: {
        Row: {
          analysis_job_id: number;
          audio_attempts: number;
          audio_available_at: string | null;
          audio_deferred_seconds: number;
          audio_error_code: string | null;
          audio_last_error: string | null;
          audio_lease_token: string | null;
          audio_status: string;
          audio_turn: number | null;
          audio_updated_at: string;
          category: string;
          confidence: number;
          created_at: string;
          drill: string | null;
          end_seconds: number;
          id: number;
          message: string;
          severity: string;
          ssml_attempts: number;
          ssml_available_at: string | null;
          ssml_deferred_seconds: number;
          ssml_error_code: string | null;
          ssml_last_error: string | null;
          ssml_lease_token: string | null;
          ssml_status: string;
          ssml_turn: number | null;
          ssml_updated_at: string;
          start_seconds: number;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          analysis_job_id: number;
          audio_attempts?: number;
          audio_available_at?: string | null;
          audio_deferred_seconds?: number;
          audio_error_code?: string | null;
          audio_last_error?: string | null;
          audio_lease_token?: string | null;
          audio_status?: string;
          audio_turn?: number | null;
          audio_updated_at?: string;
          category: string;
          confidence: number;
          created_at?: string;
          drill?: string | null;
          end_seconds: number;
          id?: never;
          message: string;
          severity: string;
          ssml_attempts?: number;
          ssml_available_at?: string | null;
          ssml_deferred_seconds?: number;
          ssml_error_code?: string | null;
          ssml_last_error?: string | null;
          ssml_lease_token?: string | null;
          ssml_status?: string;
          ssml_turn?: number | null;
          ssml_updated_at?: string;
          start_seconds: number;
          user_id: string;
        };
        Update: {
          analysis_job_id?: number;
          audio_attempts?: number;
          audio_available_at?: string | null;
          audio_deferred_seconds?: number;
          audio_error_code?: string | null;
          audio_last_error?: string | null;
          audio_lease_token?: string | null;
          audio_status?: string;
          audio_turn?: number | null;
          audio_updated_at?: string;
          category?: string;
          confidence?: number;
          created_at?: string;
          drill?: string | null;
          end_seconds?: number;
          id?: never;
          message?: string;
          severity?: string;
          ssml_attempts?: number;
          ssml_available_at?: string | null;
          ssml_deferred_seconds?: number;
          ssml_error_code?: string | null;
          ssml_last_error?: string | null;
          ssml_lease_token?: string | null;
          ssml_status?: string;
          ssml_turn?: number | null;
          ssml_updated_at?: string;
          start_seconds?: number;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_feedback_analysis_job_id_fkey";
            columns: ["analysis_job_id"];
            isOneToOne: false;
            referencedRelation: "analysis_jobs";
            referencedColumns: ["id"];
          },
        ];
      };
      analysis_jobs: {
        Row: {
          attempts: number;
          available_at: string | null;
          coach: NonNullable<Json>;
          confidence: number | null;
          correlation_id: string;
          created_at: string;
          deferred_seconds: number;
          error_code: string | null;
          id: number;
          last_error: string | null;
          lease_token: string | null;
          model: string | null;
          prompt_version: string | null;
          status: string;
          summary: string | null;
          title: string | null;
          turn: number | null;
          updated_at: string;
          user_id: string;
          video_recording_id: number;
        };
        ComputedFields: never;
        Insert: {
          attempts?: number;
          available_at?: string | null;
          coach: NonNullable<Json>;
          confidence?: number | null;
          correlation_id?: string;
          created_at?: string;
          deferred_seconds?: number;
          error_code?: string | null;
          id?: never;
          last_error?: string | null;
          lease_token?: string | null;
          model?: string | null;
          prompt_version?: string | null;
          status?: string;
          summary?: string | null;
          title?: string | null;
          turn?: number | null;
          updated_at?: string;
          user_id: string;
          video_recording_id: number;
        };
        Update: {
          attempts?: number;
          available_at?: string | null;
          coach?: NonNullable<Json>;
          confidence?: number | null;
          correlation_id?: string;
          created_at?: string;
          deferred_seconds?: number;
          error_code?: string | null;
          id?: never;
          last_error?: string | null;
          lease_token?: string | null;
          model?: string | null;
          prompt_version?: string | null;
          status?: string;
          summary?: string | null;
          title?: string | null;
          turn?: number | null;
          updated_at?: string;
          user_id?: string;
          video_recording_id?: number;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_jobs_video_recording_id_fkey";
            columns: ["video_recording_id"];
            isOneToOne: true;
            referencedRelation: "video_recordings";
            referencedColumns: ["id"];
          },
        ];
      };
      analysis_metrics: {
        Row: {
          analysis_job_id: number;
          created_at: string;
          id: number;
          metric_key: string;
          metric_value: number;
          unit: string | null;
        };
        ComputedFields: never;
        Insert: {
          analysis_job_id: number;
          created_at?: string;
          id?: never;
          metric_key: string;
          metric_value: number;
          unit?: string | null;
        };
        Update: {
          analysis_job_id?: number;
          created_at?: string;
          id?: never;
          metric_key?: string;
          metric_value?: number;
          unit?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_metrics_analysis_job_id_fkey";
            columns: ["analysis_job_id"];
            isOneToOne: false;
            referencedRelation: "analysis_jobs";
            referencedColumns: ["id"];
          },
        ];
      };
      analysis_ssml_segments: {
        Row: {
          created_at: string;
          feedback_id: number;
          id: number;
          provider: string;
          segment_index: number;
          ssml: string;
          version: string | null;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          feedback_id: number;
          id?: never;
          provider?: string;
          segment_index?: number;
          ssml: string;
          version?: string | null;
        };
        Update: {
          created_at?: string;
          feedback_id?: number;
          id?: never;
          provider?: string;
          segment_index?: number;
          ssml?: string;
          version?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "analysis_ssml_segments_feedback_id_fkey";
            columns: ["feedback_id"];
            isOneToOne: false;
            referencedRelation: "analysis_feedback";
            referencedColumns: ["id"];
          },
        ];
      };
      coach_voices: {
        Row: {
          description: string;
          id: number;
          is_default: boolean;
          language_code: string;
          name: string;
          pitch: number;
          speaking_rate: number;
          style: string;
          voice_name: string;
        };
        ComputedFields: never;
        Insert: {
          description: string;
          id?: never;
          is_default?: boolean;
          language_code: string;
          name: string;
          pitch?: number;
          speaking_rate?: number;
          style: string;
          voice_name: string;
        };
        Update: {
          description?: string;
          id?: never;
          is_default?: boolean;
          language_code?: string;
          name?: string;
          pitch?: number;
          speaking_rate?: number;
          style?: string;
          voice_name?: string;
        };
        Relationships: [];
      };
      video_recordings: {
        Row: {
          created_at: string;
          duration_seconds: number | null;
          error_code: string | null;
          file_size: number | null;
          filename: string;
          id: number;
          language: string;
          last_error: string | null;
          mime_type: string | null;
          original_filename: string | null;
          storage_path: string;
          updated_at: string;
          upload_status: string;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          created_at?: string;
          duration_seconds?: number | null;
          error_code?: string | null;
          file_size?: number | null;
          filename: string;
          id?: never;
          language?: string;
          last_error?: string | null;
          mime_type?: string | null;
          original_filename?: string | null;
          storage_path: string;
          updated_at?: string;
          upload_status?: string;
          user_id?: string;
        };
        Update: {
          created_at?: string;
          duration_seconds?: number | null;
          error_code?: string | null;
          file_size?: number | null;
          filename?: string;
          id?: never;
          language?: string;
          last_error?: string | null;
          mime_type?: string | null;
          original_filename?: string | null;
          storage_path?: string;
          updated_at?: string;
          upload_status?: string;
          user_id?: string;
        };
        Relationships: [];
      };
      voice_preferences: {
        Row: {
          coach_voice_id: number;
          created_at: string;
          updated_at: string;
          user_id: string;
        };
        ComputedFields: never;
        Insert: {
          coach_voice_id: number;
          created_at?: string;
          updated_at?: string;
          user_id?: string;
        };
        Update: {
          coach_voice_id?: number;
          created_at?: string;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "voice_preferences_coach_voice_id_fkey";
            columns: ["coach_voice_id"];
            isOneToOne: false;
            referencedRelation: "coach_voices";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Views: {
      [_ in never]: never;
    };
    Functions: {
      retry_analysis: { Args: { analysis_job_id: number }; Returns: string };
      retry_feedback: { Args: { feedback_id: number; stage: string }; Returns: string };
    };
    Enums: {
      [_ in never]: never;
    };
    CompositeTypes: {
      [_ in never]: never;
    };
  };
};

type DatabaseWithoutInternals = Omit<Database, "__InternalSupabase">;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, "public">];

export type Tables<
  DefaultSchemaTableNameOrOptions extends
    | keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
        DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"] &
      DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Views"])[TableName] extends {
      Row: infer R;
    }
    ? R
    : never
  : DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema["Tables"] & DefaultSchema["Views"])
    ? (DefaultSchema["Tables"] & DefaultSchema["Views"])[DefaultSchemaTableNameOrOptions] extends {
        Row: infer R;
      }
      ? R
      : never
    : never;

export type TablesInsert<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Insert: infer I;
    }
    ? I
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Insert: infer I;
      }
      ? I
      : never
    : never;

export type TablesUpdate<
  DefaultSchemaTableNameOrOptions extends
    | keyof DefaultSchema["Tables"]
    | { schema: keyof DatabaseWithoutInternals },
  TableName extends DefaultSchemaTableNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"]
    : never = never,
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions["schema"]]["Tables"][TableName] extends {
      Update: infer U;
    }
    ? U
    : never
  : DefaultSchemaTableNameOrOptions extends keyof DefaultSchema["Tables"]
    ? DefaultSchema["Tables"][DefaultSchemaTableNameOrOptions] extends {
        Update: infer U;
      }
      ? U
      : never
    : never;

export type Enums<
  DefaultSchemaEnumNameOrOptions extends
    | keyof DefaultSchema["Enums"]
    | { schema: keyof DatabaseWithoutInternals },
  EnumName extends DefaultSchemaEnumNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"]
    : never = never,
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions["schema"]]["Enums"][EnumName]
  : DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema["Enums"]
    ? DefaultSchema["Enums"][DefaultSchemaEnumNameOrOptions]
    : never;

export type CompositeTypes<
  PublicCompositeTypeNameOrOptions extends
    | keyof DefaultSchema["CompositeTypes"]
    | { schema: keyof DatabaseWithoutInternals },
  CompositeTypeName extends PublicCompositeTypeNameOrOptions extends {
    schema: keyof DatabaseWithoutInternals;
  }
    ? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"]
    : never = never,
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
  ? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions["schema"]]["CompositeTypes"][CompositeTypeName]
  : PublicCompositeTypeNameOrOptions extends keyof DefaultSchema["CompositeTypes"]
    ? DefaultSchema["CompositeTypes"][PublicCompositeTypeNameOrOptions]
    : never;

export const Constants = {
  pipeline: {
    Enums: {},
  },
  public: {
    Enums: {},
  },
} as const;
